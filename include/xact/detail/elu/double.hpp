#pragma once

/// @file
/// elu, selu, celu and their derivatives in double lanes: for the default tier of double (at most 4 ULP), for the
/// accurate one, and for float to be rounded to.

#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/math/exp_quotient_double.hpp>
#include <xact/detail/math/expm1_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// The default tier.

/// e^x - 1 for -1000 <= x <= 0; lanes above get anything.
template <class V> XACT_INLINE inline V expm1_in_double(const V &x) noexcept {
  const auto p = reduce_power<natural_base>(x, 1023);
  const V expm1 = mul_add(V(p.t * p.t), horner<expm1_of_halves, 1>(p.t), p.t);
  return mul_add(p.scale(), expm1, V(p.scale() - V(1.0)));
}

/// The first is for x < 0. With DAZ a subnormal x is not below 0, and must not come out as it is where alpha is not 1.
template <class V> XACT_INLINE inline V elu_in_double(const V &x, double alpha) noexcept {
  const V below = V(alpha) * expm1_in_double(at_least(x, V(-40.0)));
  return select(x < V(0.0), below, alpha == 1 ? x : positive_part(x));
}

template <class V> XACT_INLINE inline V selu_in_double(const V &x, double lambda, double lambda_alpha) noexcept {
  const V below = V(lambda_alpha) * expm1_in_double(at_least(x, V(-40.0)));
  return select(x < V(0.0), below, V(x * V(lambda)));
}

/// Where x / alpha is tiny the result is x. A multiplication by 1 / alpha could cost 1.7 ULP instead of 0.8.
template <class V> XACT_INLINE inline V celu_in_double(const V &x, double alpha) noexcept {
  if (alpha == 1) {
    return elu_in_double(x, 1);
  }
  const V below = V(alpha) * expm1_in_double(V(at_least(x, V(-40 * alpha)) / V(alpha)));
  return select(x < V(-0x1p-54 * alpha), below, x);
}

/// factor * e^x for -800 <= x <= 0, `factor` between 2^-61 and 2^61; lanes above get anything.
template <class X> XACT_INLINE inline auto times_exp_in_double(const X &x, double factor) noexcept {
  const auto y = biased_exp<natural_base>(x, 1023 + 2 * deferred_bits - 1);
  return y * std::remove_cvref_t<decltype(y)>(factor * (2 * deferred_factor * deferred_factor));
}

template <class V> XACT_INLINE inline V elu_derivative_in_double(const V &x, double alpha) noexcept {
  return select(V(0.0) < x, V(1.0), times_exp_in_double(V(at_least(x, V(-800.0))), alpha));
}

template <class V>
XACT_INLINE inline V selu_derivative_in_double(const V &x, double lambda, double lambda_alpha) noexcept {
  return select(V(0.0) < x, V(lambda), times_exp_in_double(V(at_least(x, V(-800.0))), lambda_alpha));
}

/// x / alpha in two parts, where it is not x.
template <class V> XACT_INLINE inline V celu_derivative_in_double(const V &x, double alpha) noexcept {
  if (alpha == 1) {
    return elu_derivative_in_double(x, 1);
  }
  const V clamped = at_least(x, V(alpha * -800));
  const V u = mul_add(clamped, V(1 / alpha), V(-0.0));
  const double_double<V> back = two_product(u, V(alpha));
  const double_double<V> quotient{u, V(V(V(clamped - back.hi) - back.lo) * V(1 / alpha))};
  return select(V(0.0) < x, V(1.0), times_exp_in_double(quotient, 1));
}

// Accurate.

/// factor * (e^x - 1) for x <= 0, in double lanes; x and factor in two parts. The result errs by what
/// expm1_double_double does, before its only rounding.
template <class Tier, class V>
XACT_INLINE inline V scaled_expm1(Tier, const double_double<V> &x, const double_double<double> &factor) noexcept {
  const V lowest(-60.0);
  const double_double<V> m =
      expm1_double_double(double_double<V>{at_least(x.hi, lowest), select(x.hi < lowest, V(0.0), x.lo)});
  if constexpr (std::is_same_v<Tier, tier::exact>) {
    return round_to_odd(product(m, double_double<V>{V(factor.hi), V(factor.lo)}));
  } else {
    return mul_add(V(factor.hi), m.hi, V(V(factor.hi) * m.lo));
  }
}

/// factor * (e^x - 1) with an error of 2^-50.
template <class V>
XACT_INLINE inline V scaled_expm1(nearly_exact, const double_double<V> &x,
                                  const double_double<double> &factor) noexcept {
  return V(factor.hi) * expm1_for_float(at_least(x.hi, V(-37.0)));
}

/// factor * e^x for x <= 0, in double lanes: the derivative of all three.
template <class Tier, class N> XACT_INLINE inline auto times_exp(Tier, const N &x, const N &factor) noexcept {
  using V = decltype(high_part(x));
  constexpr double lowest = has_double_doubles<N> ? -1200 : -700;
  const auto beyond = high_part(x) < V(lowest);
  const auto [e, deferred_scale] = exp_deferred(select(beyond, number<N>(lowest), x));
  const V y = round_result(Tier{}, product(e, factor)) * deferred_scale;
  return V(select(beyond, mul_sign(V(0.0), high_part(factor)), y));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
