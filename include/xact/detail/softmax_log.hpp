#pragma once

/// @file
/// What log_softmax takes off the logits of a row where terms are floats.

#include <xact/detail/softmax_float_row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What comes off a logit: the largest, where the difference is exact or at least rounded once, and then the logarithm
/// of the sum relative to its term. Both are terms of one sign, so that results near 0 keep their relative accuracy.
template <class Tier> struct log_of_floats {
  two_part<float> largest = {0, 0};
  float log = 0;

  /// `all`, `one` and `others()`: the sum over all terms, that of the largest, and the sum over those that differ from
  /// it, in one unit.
  template <class F>
  [[gnu::always_inline]] log_of_floats(const two_part<float> &maximum, double all, double one, const F &others) noexcept
      : largest(maximum),
        log(static_cast<float>(is_dominated(all, one) ? log_of_one_and(others(), one) : log_of_ratio(all, one))) {}

  template <class V> [[gnu::always_inline]] V operator()(const V &x) const noexcept {
    return V(V(x - V(largest.hi)) - V(largest.lo)) - V(log);
  }
  template <class V> [[gnu::always_inline]] V operator()(const two_part<V> &x) const noexcept {
    return V(V(x.hi - V(largest.hi)) + V(x.lo - V(largest.lo))) - V(log);
  }
};

/// The sum over the logits of a row that differ from the largest, in the unit of the sum over all.
template <class Tier, class E>
[[gnu::noinline]] double sum_of_others(const row_logits<float, E> &row, const two_part<float> &largest,
                                       double scale) noexcept {
  using R = float_row<Tier>;
  const auto others = sum_in_floats<Tier>(row, all_logits_but{largest});
  const auto exact = [&] { return softmax_terms<float, Tier>::rounded(sum_with_sink<Tier>(row).others.total()); };
  if (others.kind == R::kinds::floats) {
    return times_power(others.rounded_sum(exact), scale - others.sum.scale);
  }
  if (others.passed_over < largest.hi - 200) {
    return 0;
  }
  const power<double> rest = exact();
  return times_power(rest.significand, rest.exponent + scale);
}

/// Of a row of which the sum is known.
template <class Tier, class E>
log_of_floats<Tier> log_of(const row_logits<float, E> &row, const float_row<Tier> &sum) noexcept {
  using V = native<float>;
  const two_part<V> largest{V(sum.maximum.hi), V(sum.maximum.lo)};
  const double one = static_cast<double>(first_lane(scaled_exp<Tier, V>(sum.maximum.hi)(largest)));
  return log_of_floats<Tier>(sum.maximum, sum.rounded_sum([&] { return sum_with_sink<Tier>(row).total(); }), one,
                             [&] { return sum_of_others<Tier>(row, sum.maximum, sum.sum.scale); });
}

/// The same of a row whose sum came in pieces.
template <class Tier> log_of_floats<Tier> log_of(const row_sum<float, Tier> &sum) noexcept {
  const auto hi = static_cast<float>(sum.maximum);
  return sum.relative_to_maximum([&](double all, double one, const auto &others) {
    return log_of_floats<Tier>({hi, static_cast<float>(sum.maximum - static_cast<double>(hi))}, all, one, others);
  });
}

/// The same of a plain row.
template <class Tier> struct log_of_plain_row {
  static constexpr bool of_terms = false; // see softmax_rows

  float largest = 0;
  float log = 0;

  log_of_plain_row() = default;
  explicit log_of_plain_row(const two_part<float> &x) noexcept : largest(x.hi), log(x.lo) {}

  /// Of n logits with the sum `all`, times 2^scale of the maximum.
  template <class E>
  [[gnu::always_inline]] static log_of_plain_row of_row(std::size_t n, const E *in, float maximum,
                                                        double all) noexcept {
    using V = native<float>;
    const scaled_exp<Tier, V> e(maximum);
    const auto one = static_cast<double>(first_lane(e(V(maximum))));
    const log_of_floats<Tier> of({maximum, 0}, all, one, [&] {
      const softmax_options plain;
      return sum_of_others<Tier>(row_logits<float, E>{in, n, plain}, {maximum, 0}, e.scale());
    });
    return log_of_plain_row({maximum, of.log});
  }

  /// The numbers of many rows, in which no term dominates.
  template <class V, class W>
  [[gnu::always_inline]] static two_part<V> of_rows(const V &maximum, const W &all, const W &one) noexcept {
    return {maximum, to_float(log_of_ratio(all, one))};
  }

  template <class V> [[gnu::always_inline]] V operator()(const V &x) const noexcept {
    return V(x - V(largest)) - V(log);
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
