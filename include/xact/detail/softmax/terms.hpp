#pragma once

/// @file
/// The terms e^x of a row, of the kind that its type and tier sum, for any logits.

#include <xact/detail/softmax/logits.hpp>
#include <xact/detail/softmax/near_sum.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^x for logits x <= maximum in double lanes: a function of x, the type T and the tier alone, but for where it cannot
/// matter beside the maximum. Where terms are floats, those of logits of at most 2^16 are; the others, and all in the
/// exact tier and in double, are doubles.
template <class T, class Tier, bool = has_float_terms<T, Tier>> class softmax_terms {
public:
  explicit softmax_terms(double) noexcept {}
  template <class W> XACT_INLINE power<W> operator()(const W &x) const noexcept { return exp_power(x); }
  /// The exponent of the term of the maximum.
  static double exponent(double maximum) noexcept { return exp_power(maximum).exponent; }
  static power<double> of(double x) noexcept { return exp_power(x); }

  static power<double> rounded(const power<double> &sum) noexcept { return sum; }
};

template <class T, class Tier> class softmax_terms<T, Tier, true> {
  using E = scaled_exp<Tier, native<float>>;
  using W = logit_lanes<float>;

public:
  explicit softmax_terms(double maximum) noexcept : all_near(E::suits(maximum)), e(nearby(maximum)) {}

  power<W> operator()(const W &x) const noexcept {
    double_double<native<float>> two = two_floats<native<float>>(x);
    const W hi = to_double(two.hi);
    const auto is_near = W(static_cast<double>(float_logits)) >= abs(hi);
    two.lo = to_float(select(is_near, to_double(two.lo), W(0.0)));
    power<W> y{to_double(e(two)), W(-e.scale())};
    if (!all_near) { // else logits below -limit cannot matter
      const power<W> z = exp_power(x);
      y = {select(is_near, y.significand, z.significand), select(is_near, y.exponent, z.exponent)};
    }
    return y;
  }

  static double exponent(double maximum) noexcept {
    return __builtin_fabs(static_cast<double>(static_cast<float>(maximum))) <= static_cast<double>(float_logits)
               ? 64 - E(nearby(maximum)).scale()
               : exp_power(maximum).exponent;
  }

  /// A sum as it counts: see `sum_bits`.
  static power<double> rounded(const power<double> &sum) noexcept {
    return {round_to<sum_bits<Tier>>(sum.significand), sum.exponent};
  }

  /// The term of one logit.
  static power<double> of(double x) noexcept {
    const power<W> y = softmax_terms(x)(W(x));
    double lane[lane_traits<W>::size];
    store_each(y.significand, lane);
    const double significand = lane[0];
    store_each(y.exponent, lane);
    return {significand, lane[0]};
  }

private:
  static float nearby(double maximum) noexcept {
    const float x = static_cast<float>(maximum);
    return x > float_logits ? float_logits : x < -float_logits ? -float_logits : x;
  }

  bool all_near;
  E e;
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
