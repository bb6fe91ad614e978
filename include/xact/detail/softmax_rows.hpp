#pragma once

/// @file
/// Softmax of many plain rows: the passes over one row run beside those over its neighbours.

#include <xact/detail/plain.hpp>
#include <xact/detail/softmax_blocks.hpp>
#include <xact/detail/softmax_inverse.hpp>
#include <xact/detail/softmax_near_sum.hpp>
#include <xact/rows.hpp>

#include <algorithm>
#include <array>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Softmax row by row. While the terms of a row are summed and stored in its place (where that has not the room,
/// aside), the row before is divided by its sum, and the maximum of the next is found: three loops in one, which hides
/// memory, latency and the ends of the rows.
template <class Tier, class In, class Out> class softmax_rows {
  static constexpr bool in_place = std::is_same_v<Out, float>;

public:
  /// The longest row whose terms are kept; in a longer one they would leave the cache before they are divided.
  static constexpr std::size_t longest = in_place ? 65536 : 4096;

  /// `other(i)` writes row i where the terms cannot be floats: a maximum that is infinite or huge, or all NaN.
  template <class Other>
  static void run(const row_view<const In> &in, const row_view<Out> &out, const Other &other) noexcept {
    const std::size_t n = in.columns;
    if (n < step) {
      return run_short(in, out, other);
    }
    if (in.count == 0) {
      return;
    }
    float aside[2][in_place ? 1 : longest];
    waiting last;
    float maximum = maximum_of(n, in[0]);
    for (std::size_t i = 0; i < in.count; ++i) {
      const In *next = in[std::min(i + 1, in.count - 1)];
      if (!scaled_exp<Tier, V>::suits(maximum)) [[unlikely]] {
        divide(n, last);
        last.terms = nullptr;
        maximum = maximum_of(n, next);
        other(i);
        continue;
      }
      const scaled_exp<Tier, P> e(maximum);
      float *terms = aside[i % 2];
      if constexpr (in_place) {
        terms = out[i];
      }
      const result row = last.terms == nullptr ? pass<false>(n, next, in[i], terms, last, e)
                                               : pass<true>(n, next, in[i], terms, last, e);
      last.terms = nullptr;
      if (row.sum != row.sum) [[unlikely]] {
        detail::fill_n(out[i], n, Out(detail::nan_of<float>));
      } else {
        last = {terms, out[i], float_inverse<Tier>(rounded_sum(row.sum, n, terms, maximum))};
        if (row.tiny) [[unlikely]] {
          map<V>([&](const V &x) noexcept { return last.inverse.any(x); }, n, last.out, last.terms);
          last.terms = nullptr;
        }
      }
      maximum = row.next_maximum;
    }
    divide(n, last);
  }

private:
  /// Rows shorter than a step: each is held in registers throughout.
  template <class Other>
  static void run_short(const row_view<const In> &in, const row_view<Out> &out, const Other &other) noexcept {
    const std::size_t n = in.columns;
    float row[step];
    for (std::size_t i = 0; i < in.count; ++i) {
      detail::fill_n(row, step, -detail::infinity_of<float>);
      for (std::size_t k = 0; k < n; ++k) {
        row[k] = static_cast<float>(in[i][k]);
      }
      const P x = load_each<P>(row);
      const float maximum = largest_lane(x);
      if (!scaled_exp<Tier, V>::suits(maximum)) [[unlikely]] {
        other(i);
        continue;
      }
      const P terms = scaled_exp<Tier, P>(maximum)(x); // those of the padding are below 2^-117
      near_sum<Tier, V> near;
      near.add(terms);
      near.flush();
      if (near.total() != near.total()) [[unlikely]] {
        detail::fill_n(out[i], n, Out(detail::nan_of<float>));
        continue;
      }
      store_each(terms, row);
      Out quotients[step];
      store_step(float_inverse<Tier>(rounded_sum(near.total(), n, row, maximum)).any(terms), quotients);
      detail::copy_n(quotients, n, out[i]);
    }
  }

  static double rounded_sum(double near, std::size_t n, const float *terms, float maximum) noexcept {
    if (is_decided<Tier>(near, near_sum<Tier, V>::error(n, near))) [[likely]] {
      return round_to<sum_bits<Tier>>(near);
    }
    return decided_sum<Tier, V>(n, terms, scaled_exp<Tier, V>::exponent(maximum));
  }

  using V = native<float>;
  using P = pack<V, 2>;
  static constexpr std::size_t step = lane_traits<P>::size;

  struct result {
    double sum;
    bool tiny; ///< whether quotients may be subnormal, or what leads to them in the default tier
    float next_maximum;
  };
  /// A row whose terms wait for their division.
  struct waiting {
    float *terms = nullptr;
    Out *out = nullptr;
    float_inverse<Tier> inverse = {};
  };

  /// The sum is below 2^81, the lower part of its inverse 2^-25 of it.
  static bool are_tiny(const P &smallest) noexcept {
    return any_lane(at_most(smallest.part[0], smallest.part[1]) < V(is_fast<Tier> ? 0x1p-45f : 0x1p-20f));
  }

  /// x with 0 in its first `count` lanes.
  static P first_cleared(const P &x, std::size_t count) noexcept {
    static constexpr auto mask = [] {
      std::array<std::int32_t, 2 * step> m{};
      detail::fill_n(m.data() + step, step, -1);
      return m;
    }();
    return as_float(integer_t<P>(as_integer(x) & load_each<integer_t<P>>(mask.data() + step - count)));
  }

  static float maximum_of(std::size_t n, const In *x) noexcept {
    P largest(-detail::infinity_of<float>);
    for (std::size_t i = 0; i < n; i += step) {
      largest = at_least(load_step<P>(x + std::min(i, n - step)), largest);
    }
    return largest_lane(largest);
  }

  static void divide(std::size_t n, const waiting &last) noexcept {
    if (last.terms != nullptr) {
      map<V>([&](const V &x) noexcept { return last.inverse.normal(x); }, n, last.out, last.terms);
    }
  }

  template <bool divides>
  [[gnu::always_inline]] static result pass(std::size_t n, const In *next, const In *in, float *terms,
                                            const waiting last, const scaled_exp<Tier, P> e) noexcept {
    near_sum<Tier, V> sum;
    P largest(-detail::infinity_of<float>);
    P smallest(detail::infinity_of<float>);
    // Bits do not depend on `tiny` in the fast tier, so that samples do there (all of them cost 6 %).
    constexpr bool samples = is_fast<Tier>;
    const auto one = [&](std::size_t i) __attribute__((always_inline)) {
      largest = at_least(load_step<P>(next + i), largest);
      const P term = e(load_step<P>(in + i));
      sum.add(term);
      if (!samples) {
        smallest = at_most(term, smallest);
      }
      if constexpr (divides) {
        store_step(last.inverse.normal(load_each<P>(last.terms + i)), last.out + i);
      }
      store_each(term, terms + i);
      return term;
    };
    // The last step overlaps the one before it: what it reads is read before anything is written in its place.
    const std::size_t end = n - step;
    const P in_end = load_step<P>(in + end);
    const P last_end = divides ? load_each<P>(last.terms + end) : in_end;
    std::size_t i = 0;
    for (std::size_t left = (end + step - 1) / step; left >= near_sum<Tier, V>::most; left -= near_sum<Tier, V>::most) {
      for (std::size_t k = 0; k < near_sum<Tier, V>::most; ++k, i += step) {
        one(i);
      }
      sum.flush();
    }
    for (; i < end; i += step) {
      one(i);
    }
    largest = at_least(load_step<P>(next + end), largest);
    const P term = e(in_end);
    smallest = at_most(term, smallest);
    sum.add(first_cleared(term, i - end));
    if constexpr (divides) {
      store_step(last.inverse.normal(last_end), last.out + end);
    }
    store_each(term, terms + end);
    sum.flush();
    return {sum.total(), are_tiny(smallest), largest_lane(largest)};
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
