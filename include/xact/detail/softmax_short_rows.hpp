#pragma once

/// @file
/// Softmax and log_softmax of short plain rows, as many at a time as a register has lanes.

#include <xact/detail/partial.hpp>
#include <xact/detail/softmax_float_row.hpp>
#include <xact/rows.hpp>

#include <array>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// x with 0 in its first `count` lanes.
template <class V> [[gnu::always_inline]] inline V without_first(const V &x, std::size_t count) noexcept {
  constexpr std::size_t size = lane_traits<V>::size;
  static constexpr auto mask = [] {
    std::array<std::int32_t, 2 * size> m{};
    detail::fill_n(m.data() + size, size, -1);
    return m;
  }();
  return as_float(integer_t<V>(as_integer(x) & load_each<integer_t<V>>(mask.data() + size - count)));
}

/// Whether quotients of such terms may be subnormal, or what leads to them in the default tier. The sum is below 2^81,
/// the lower part of its inverse 2^-25 of it.
template <class Tier, class V> [[gnu::always_inline]] inline bool may_be_tiny(const V &smallest) noexcept {
  return any_lane(smallest < V(is_fast<Tier> ? 0x1p-45f : 0x1p-20f));
}

/// Rows in groups, one for each lane of a register: what all rows of a group need is done for all at once, and what is
/// done row by row never waits for the lanes of a register to be added up. `Results` is as in softmax_rows, which takes
/// 15 % longer at 128 columns and twice as long at 16.
template <class Results, class Tier, class In, class Out> class softmax_short_rows {
  using V = native<float>;
  using W = wide_t<V>;
  using P = pack<V, 2>;
  using D = native<double>;
  static constexpr bool of_terms = Results::of_terms;
  static constexpr std::size_t width = lane_traits<V>::size;

public:
  static constexpr std::size_t longest = 256;

  softmax_short_rows(const row_view<const In> &from, const row_view<Out> &to) noexcept
      : in(from), out(to), n(in.columns), whole(n / width * width), pairs(n / width / 2 * 2 * width) {}

  /// `other(i)` writes row i where the terms cannot be floats: a maximum that is infinite or huge, or all NaN.
  template <class Other> void run(const Other &other) const noexcept {
    for (std::size_t i = 0; i < in.count; i += width) {
      run_group(i, std::min(in.count - i, width), other);
    }
  }

private:
  template <class Other> void run_group(std::size_t first, std::size_t count, const Other &other) const noexcept {
    std::size_t all_rows[width];
    for (std::size_t r = 0; r < count; ++r) {
      all_rows[r] = first + r;
    }
    float terms[of_terms ? width * (longest + width) : 1];
    bool tiny[width];
    const sums of_all(
        *this, all_rows, count, [](std::size_t) { return all_logits(); }, terms, tiny);
    const W one = of_terms ? W(0.0) : W(to_double(scaled_exp<Tier, V, V>(of_all.maximum)(of_all.maximum)));
    const W all = round_to<sum_bits<Tier>>(of_all.near);
    const two_part<V> numbers = Results::of_rows(of_all.maximum, all, one);
    float hi[width];
    float lo[width];
    store_each(numbers.hi, hi);
    store_each(numbers.lo, lo);
    if constexpr (!of_terms) {
      if (any_lane(is_dominated(all, one))) {
        take_dominated(of_all, all, one, all_rows, count, hi, lo);
      }
    }
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t i = first + r;
      if (!scaled_exp<Tier, V>::suits(of_all.maxima[r])) [[unlikely]] {
        other(i);
      } else if (of_all.sum[r] != of_all.sum[r]) [[unlikely]] {
        detail::fill_n(out[i], n, Out(detail::nan_of<float>));
      } else {
        const Results results =
            of_all.undecided && !is_decided<Tier>(of_all.sum[r], near_sum<Tier, V>::error(n, of_all.sum[r]))
                ? Results::of_row(n, in[i], of_all.maxima[r], decided_sum<Tier>(n, in[i]))
                : Results({hi[r], lo[r]});
        if constexpr (!of_terms) {
          write(
              out[i], [&](std::size_t k) __attribute__((always_inline)) { return results(load(in[i], k)); });
        } else {
          const float *term = terms + r * (whole + width);
          if (tiny[r]) {
            write(
                out[i], [&](std::size_t k)
                            __attribute__((always_inline)) { return results.any(V::load_unaligned(term + k)); });
          } else {
            write(
                out[i], [&](std::size_t k)
                            __attribute__((always_inline)) { return results(V::load_unaligned(term + k)); });
          }
        }
      }
    }
  }

  /// The maxima and sums of rows.
  struct sums {
    V maximum;
    W near;
    float maxima[width];
    double sum[width];
    bool undecided;

    template <class Which>
    sums(const softmax_short_rows &rows, const std::size_t *row, std::size_t count, const Which &which, float *terms,
         bool *tiny) noexcept {
      V largest[width];
      for (std::size_t r = 0; r < width; ++r) {
        largest[r] = r < count ? without_nan(rows.maximum_of(rows.in[row[r]], which(r))) : V(0.0f);
      }
      maximum = reduce_each(largest, count, larger_of_two());
      store_each(maximum, maxima);
      D lanes[width];
      for (std::size_t r = 0; r < width; ++r) {
        lanes[r] = r < count
                       ? rows.sum_of(rows.in[row[r]], which(r), maxima[r], terms + r * (rows.whole + width), tiny[r])
                       : D(0x1p61);
      }
      near.part[0] = reduce_each(lanes, std::min(count, width / 2), sum_of_two());
      near.part[1] = reduce_each(lanes + width / 2, count - std::min(count, width / 2), sum_of_two());
      store_each(near, sum);
      undecided = any_lane(is_undecided<Tier>(near, near_sum<Tier, V>::error(rows.n, near)));
    }
  };

  /// hi and lo of the rows in which one term dominates.
  [[gnu::noinline]] void take_dominated(const sums &of_all, const W &all, const W &one, const std::size_t *row,
                                        std::size_t count, float *hi, float *lo) const noexcept {
    double all_of[width];
    double one_of[width] = {};
    store_each(all, all_of);
    double term[width];
    store_each(one, term);
    std::size_t which[width];
    std::size_t rows[width];
    std::size_t m = 0;
    for (std::size_t r = 0; r < count; ++r) {
      which[m] = r;
      rows[m] = row[r];
      one_of[m] = term[r];
      m += is_dominated(all_of[r], term[r]);
    }
    bool unused[width];
    float none[1];
    const sums others(
        *this, rows, m,
        [&](std::size_t k) {
          return all_logits_but{{of_all.maxima[which[k]], 0}};
        },
        none, unused);
    float largest[width] = {};
    for (std::size_t k = 0; k < m; ++k) {
      largest[k] = of_all.maxima[which[k]];
    }
    const V maximum = V::load_unaligned(largest);
    const W by(
        to_double(V(scaled_exp<Tier, V, V>::exponent(others.maximum) - scaled_exp<Tier, V, V>::exponent(maximum))));
    const W in_unit = times_power(round_to<sum_bits<Tier>>(others.near), by);
    const W far = to_double(V(maximum - V(200.0f)));
    const W rest = blend(W(to_double(others.maximum)) < far, W(0.0), in_unit);
    const V log = to_float(log_of_one_and(rest, load_each<W>(one_of)));
    float result[width];
    store_each(log, result);
    for (std::size_t k = 0; k < m; ++k) {
      hi[which[k]] = largest[k];
      lo[which[k]] = result[k];
      const bool decided = is_decided<Tier>(others.sum[k], near_sum<Tier, V>::error(n, others.sum[k]));
      if (others.maxima[k] >= largest[k] - 200 && !(decided && scaled_exp<Tier, V>::suits(others.maxima[k])))
          [[unlikely]] {
        const Results slow = Results::of_row(n, in[rows[k]], largest[k], all_of[which[k]]);
        lo[which[k]] = slow.lo;
      }
    }
  }

  /// The last register of a row, which is not whole: its elements are the row's last, those before `whole` among them,
  /// or where it has not as many, padded with -inf.
  [[gnu::always_inline]] V load(const In *x, std::size_t i) const noexcept {
    return i < whole ? load_lanes<V>(x + i) : n < width ? load_some<V>(x, n) : load_lanes<V>(x + n - width);
  }

  template <class Which> [[gnu::always_inline]] V maximum_of(const In *x, const Which &which) const noexcept {
    V largest(-detail::infinity_of<float>);
    const auto take = [&](const V &z) __attribute__((always_inline)) {
      largest = at_least(which.keep(z, z, V(-detail::infinity_of<float>)), largest);
    };
    for (std::size_t i = 0; i < whole; i += width) {
      take(load_lanes<V>(x + i));
    }
    if (whole < n) {
      take(load(x, whole));
    }
    return largest;
  }

  template <class Which>
  [[gnu::always_inline]] D sum_of(const In *x, const Which &which, float maximum, float *terms,
                                  bool &tiny) const noexcept {
    const scaled_exp<Tier, V> e(maximum);
    const scaled_exp<Tier, P> e2(maximum);
    near_sum<Tier, V> sum;
    P smallest(detail::infinity_of<float>);
    std::size_t i = 0;
    for (std::size_t end = 0; end < pairs;) {
      end = std::min(end + sum.most * 2 * width, pairs);
      for (; i < end; i += 2 * width) {
        const P z = load_step<P>(x + i);
        const P term = e2(z);
        if constexpr (of_terms) {
          store_each(term, terms + i);
          smallest = at_most(term, smallest);
        }
        sum.add(which.keep(z, term, P(0.0f)));
      }
      sum.flush();
    }
    const auto add = [&](std::size_t i, std::size_t repeated) __attribute__((always_inline)) {
      const V z = load(x, i);
      const V term = e(z);
      if constexpr (of_terms) {
        term.store_unaligned(terms + i);
        smallest.part[0] = at_most(term, smallest.part[0]);
      }
      sum.add(W(to_double(which.keep(z, i < whole ? term : without_first(term, repeated), V(0.0f)))));
    };
    if (i < whole) {
      add(i, 0);
    }
    if (whole < n) {
      add(whole, n < width ? 0 : width - (n - whole));
    }
    tiny = of_terms && may_be_tiny<Tier>(V(at_most(smallest.part[0], smallest.part[1])));
    return sum.lanes();
  }

  template <class F> [[gnu::always_inline]] void write(Out *to, const F &f) const noexcept {
    V last;
    if (whole < n) {
      last = f(whole);
    }
    for (std::size_t i = 0; i < whole; i += width) {
      store_lanes(f(i), to + i);
    }
    if (whole < n) {
      if (n < width) {
        store_some(last, to, n);
      } else {
        store_lanes(last, to + n - width);
      }
    }
  }

  const row_view<const In> &in;
  const row_view<Out> &out;
  std::size_t n;
  std::size_t whole; ///< elements in whole registers
  std::size_t pairs; ///< elements in pairs of these
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
