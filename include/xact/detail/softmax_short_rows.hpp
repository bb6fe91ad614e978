#pragma once

/// @file
/// Softmax and log_softmax of short plain rows, as many at a time as a register has lanes.

#include <xact/detail/softmax_short_row.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The maxima and sums of a group of rows, one for each lane of a register: the rows' own lanes are added up for all
/// rows at once, as 5 steps for each would wait for one another.
template <class Tier> struct row_group {
  using V = native<float>;
  using W = wide_t<V>;
  static constexpr std::size_t width = lane_traits<V>::size;

  V maximum;
  W near; ///< 2^66 in lanes without a row
  float maxima[width];
  double sum[width];
  bool undecided; ///< whether any sum is
  bool tiny[width];

  /// Of row(r) for r < count, those of its logits that which(r) keeps. Row r has its terms at terms + r * padded().
  template <bool keeps, class Row, class Which>
  [[gnu::always_inline]] void take(const short_row<Tier> &shape, const Row &row, std::size_t count, const Which &which,
                                   float *terms) noexcept {
    V largest[width];
    for (std::size_t r = 0; r < count; ++r) {
      largest[r] = shape.maximum(row(r), which(r));
    }
    for (std::size_t r = count; r < width; ++r) {
      largest[r] = V(0.0f);
    }
    maximum = reduce_each(largest, count, larger_of_two());
    store_each(maximum, maxima);

    const two_part<V> bounds = scaled_exp<Tier, V, V>(maximum).bounds();
    float lowest[width];
    float magic[width];
    store_each(bounds.hi, lowest);
    store_each(bounds.lo, magic);
    native<double> lanes[width];
    for (std::size_t r = 0; r < count; ++r) {
      lanes[r] = shape.template sum<keeps>(row(r), which(r), {lowest[r], magic[r]},
                                           keeps ? terms + r * shape.padded() : nullptr, tiny[r]);
    }
    for (std::size_t r = count; r < width; ++r) {
      lanes[r] = native<double>(0.0);
    }
    constexpr std::size_t upper = width / 2;
    near.part[0] = reduce_each(lanes, std::min(count, upper), sum_of_two());
    near.part[1] = reduce_each(lanes + upper, count - std::min(count, upper), sum_of_two());
    static constexpr auto number = [] {
      table<double, width> t{};
      for (std::size_t i = 0; i < width; ++i) {
        t.entry[i] = static_cast<double>(i);
      }
      return t;
    }();
    near = blend(load_each<W>(number.entry) < W(static_cast<double>(count)), near, W(0x1p66));
    store_each(near, sum);
    undecided = any_lane(is_undecided<Tier>(near, near_sum<Tier, V>::error(shape.size(), near)));
  }

  bool is_decided(std::size_t r, std::size_t n) const noexcept {
    return !undecided || detail::is_decided<Tier>(sum[r], near_sum<Tier, V>::error(n, sum[r]));
  }
};

/// Rows in groups: what all rows of a group need is done for all at once. `Results` is as in softmax_rows, which takes
/// 25 % longer for log_softmax of 128 columns, four times as long for softmax of 16.
template <class Results, class Tier, class In, class Out> class softmax_short_rows {
  using group = row_group<Tier>;
  using V = typename group::V;
  using W = typename group::W;
  static constexpr bool of_terms = Results::of_terms;
  static constexpr std::size_t width = group::width;

public:
  static constexpr std::size_t longest = of_terms ? 128 : 256;

  softmax_short_rows(const row_view<const In> &from, const row_view<Out> &to) noexcept
      : in(from), out(to), n(in.columns), shape(n) {}

  /// `other(i)` writes row i where the terms cannot be floats: a maximum that is infinite or huge, or all NaN.
  template <class Other> void run(const Other &other) const noexcept {
    for (std::size_t i = 0; i < in.count; i += width) {
      run_group(i, std::min(in.count - i, width), other);
    }
  }

private:
  template <class Other> void run_group(std::size_t first, std::size_t count, const Other &other) const noexcept {
    float terms[of_terms ? width * (longest + width) : 1];
    group rows;
    rows.template take<of_terms>(
        shape, [&](std::size_t r) __attribute__((always_inline)) { return in[first + r]; }, count,
        [](std::size_t) __attribute__((always_inline)) { return all_logits(); }, terms);
    const W one = of_terms ? W(0.0) : W(to_double(scaled_exp<Tier, V, V>(rows.maximum)(rows.maximum)));
    const W all = round_to<sum_bits<Tier>>(rows.near);
    const two_part<V> results = Results::of_rows(rows.maximum, all, one);
    float hi[width];
    float lo[width];
    store_each(results.hi, hi);
    store_each(results.lo, lo);
    if constexpr (!of_terms) {
      if (any_lane(is_dominated(all, one))) {
        take_dominated(rows, all, one, first, count, lo);
      }
    }
    for (std::size_t r = 0; r < count; ++r) {
      const In *from = in[first + r];
      const float maximum = rows.maxima[r];
      if (maximum == maximum && !scaled_exp<Tier, V>::suits(maximum)) [[unlikely]] {
        other(first + r);
      } else if (rows.sum[r] != rows.sum[r]) [[unlikely]] {
        detail::fill_n(out[first + r], n, Out(detail::nan_of<float>));
      } else {
        const Results f = rows.is_decided(r, n) ? Results({hi[r], lo[r]})
                                                : Results::of_row(n, from, maximum, decided_sum<Tier>(n, from));
        write(from, terms + (of_terms ? r * shape.padded() : 0), rows.tiny[r], f, out[first + r]);
      }
    }
  }

  [[gnu::always_inline]] void write([[maybe_unused]] const In *from, [[maybe_unused]] const float *terms,
                                    [[maybe_unused]] bool tiny, const Results &f, Out *to) const noexcept {
    if constexpr (!of_terms) {
      shape.write(
          to, [&](std::size_t i) __attribute__((always_inline)) { return f(shape.load(from, i)); });
    } else if (tiny) {
      shape.write(
          to, [&](std::size_t i) __attribute__((always_inline)) { return f.any(load_each<V>(terms + i)); });
    } else {
      shape.write(
          to, [&](std::size_t i) __attribute__((always_inline)) { return f(load_each<V>(terms + i)); });
    }
  }

  /// The logarithms of the sums over the largest terms, of the rows in which that term dominates.
  [[gnu::noinline]] void take_dominated(const group &rows, const W &all, const W &one, std::size_t first,
                                        std::size_t count, float *log) const noexcept {
    double sum[width];
    double term[width];
    store_each(all, sum);
    store_each(one, term);
    std::size_t which[width];
    float largest[width] = {};
    double of_largest[width] = {};
    std::size_t found = 0;
    for (std::size_t r = 0; r < count; ++r) {
      which[found] = r;
      largest[found] = rows.maxima[r];
      of_largest[found] = term[r];
      found += is_dominated(sum[r], term[r]);
    }
    group others;
    others.template take<false>(
        shape, [&](std::size_t k) __attribute__((always_inline)) { return in[first + which[k]]; }, found,
        [&](std::size_t k) __attribute__((always_inline)) {
          return all_logits_but{{largest[k], 0}};
        },
        nullptr);
    using exp = scaled_exp<Tier, V, V>;
    const V maximum = load_each<V>(largest);
    const W unit = to_double(V(exp::exponent(others.maximum) - exp::exponent(maximum)));
    const W sum_of_others = times_power(round_to<sum_bits<Tier>>(others.near), unit);
    const auto none = to_double(others.maximum) < W(to_double(V(maximum - V(200.0f))));
    float result[width];
    store_each(to_float(log_of_one_and(W(blend(none, W(0.0), sum_of_others)), load_each<W>(of_largest))), result);
    for (std::size_t k = 0; k < found; ++k) {
      const bool counts = others.maxima[k] >= largest[k] - 200;
      const bool known = others.is_decided(k, n) && scaled_exp<Tier, V>::suits(others.maxima[k]);
      log[which[k]] =
          !counts || known ? result[k] : Results::of_row(n, in[first + which[k]], largest[k], sum[which[k]]).log;
    }
  }

  const row_view<const In> &in;
  const row_view<Out> &out;
  std::size_t n;
  short_row<Tier> shape;
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
