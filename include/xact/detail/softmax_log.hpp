#pragma once

/// @file
/// What log_softmax takes off the logits of a row where terms are floats.

#include <xact/detail/softmax_float_row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// maximum + log(all / one), where no term dominates.
template <class V, class W>
[[gnu::always_inline]] inline two_part<V> log_in_two_parts(const W &maximum, const W &all, const W &one) noexcept {
  const W log = maximum + log_of_ratio(all, one);
  const V hi = to_float(log);
  return {hi, to_float(W(log - to_double(hi)))};
}

/// What comes off a logit: log(e^x[0] + ...), as two floats and a third. A logit near the largest keeps the relative
/// accuracy of its result: where the largest dominates, hi + lo is the largest, so that the difference is exact there,
/// and `rest` is the logarithm of the sum relative to its term. Elsewhere no result is below 0.4, hi + lo is all of it,
/// and rest is 0.
template <class Tier> struct log_of_floats {
  float hi = 0;
  float lo = 0;
  float rest = 0;

  /// `all`, `one` and `others()`: the sum over all terms, that of the largest, and the sum over those that differ from
  /// it, in one unit.
  template <class F>
  [[gnu::always_inline]] static log_of_floats of(const two_part<float> &largest, double all, double one,
                                                 const F &others) noexcept {
    if (is_dominated(all, one)) {
      return {largest.hi, largest.lo, static_cast<float>(log_of_one_and(others(), one))};
    }
    const two_part<float> log =
        log_in_two_parts<float>(static_cast<double>(largest.hi) + static_cast<double>(largest.lo), all, one);
    return {log.hi, log.lo, 0};
  }

  template <class V> [[gnu::always_inline]] V operator()(const V &x) const noexcept {
    return V(V(x - V(hi)) - V(lo)) - V(rest);
  }
  template <class V> [[gnu::always_inline]] V operator()(const two_part<V> &x) const noexcept {
    return V(V(x.hi - V(hi)) + V(x.lo - V(lo))) - V(rest);
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
  return log_of_floats<Tier>::of(sum.maximum, sum.rounded_sum([&] { return sum_with_sink<Tier>(row).total(); }), one,
                                 [&] { return sum_of_others<Tier>(row, sum.maximum, sum.sum.scale); });
}

/// The same of a row whose sum came in pieces.
template <class Tier> log_of_floats<Tier> log_of(const row_sum<float, Tier> &sum) noexcept {
  const auto hi = static_cast<float>(sum.maximum);
  return sum.relative_to_maximum([&](double all, double one, const auto &others) {
    return log_of_floats<Tier>::of({hi, static_cast<float>(sum.maximum - static_cast<double>(hi))}, all, one, others);
  });
}

/// The same of a plain row, which takes two numbers, as lo or rest is 0.
template <class Tier> struct log_of_plain_row {
  static constexpr bool of_terms = false; // see softmax_rows

  float hi = 0;
  float lo = 0;

  log_of_plain_row() = default;
  explicit log_of_plain_row(const two_part<float> &x) noexcept : hi(x.hi), lo(x.lo) {}

  /// Of n logits with the sum `all`, times 2^scale of the maximum.
  template <class E>
  [[gnu::always_inline]] static log_of_plain_row of_row(std::size_t n, const E *in, float maximum,
                                                        double all) noexcept {
    using V = native<float>;
    const scaled_exp<Tier, V> e(maximum);
    const auto one = static_cast<double>(first_lane(e(V(maximum))));
    const auto log = log_of_floats<Tier>::of({maximum, 0}, all, one, [&] {
      const softmax_options plain;
      return sum_of_others<Tier>(row_logits<float, E>{in, n, plain}, {maximum, 0}, e.scale());
    });
    return log_of_plain_row({log.hi, log.lo + log.rest});
  }

  /// The numbers of many rows, in which no term dominates.
  template <class V, class W>
  [[gnu::always_inline]] static two_part<V> of_rows(const V &maximum, const W &all, const W &one) noexcept {
    return log_in_two_parts<V>(W(to_double(maximum)), all, one);
  }

  template <class V> [[gnu::always_inline]] V operator()(const V &x) const noexcept { return V(x - V(hi)) - V(lo); }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
