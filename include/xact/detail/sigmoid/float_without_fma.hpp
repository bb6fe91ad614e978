#pragma once

/// @file
/// The float kernels of sigmoid, silu and gelu_quick and their derivatives, where there is no FMA. e^-x is E/P.

#include <xact/detail/math/exp_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// 1 / (1 + e^(-rate*x)) = P/(P + E).
template <class V> XACT_INLINE inline V sigmoid_without_fma(const V &x, const exp_rate &r = unit_rate) noexcept {
  const V bounded = at_most(at_least(x, V(-r.underflow)), V(40 / r.rate));
  const auto e = falling_exp<-64>(bounded, r);
  const V below = lone_product(e.below, V(0x1p-64f));
  return divide(below, V(below + e.above));
}

/// max(x, 0) - a / (1 + e^...), a = abs(x), from e^... The result is rounded once, by the division, where it is
/// subnormal: both its sides have the factor 2^64. The maximum is with -0, so that -0 stays.
template <class V> XACT_INLINE inline V gated_by(const V &x, const V &a, const undivided_exp<V> &e) noexcept {
  const V lost = divide(lone_product(a, e.above), mul_add(e.below, V(0x1p64f), e.above));
  return share_near_0(x, V(at_least(x, V(-0.0f)) - lost), 0.5f);
}
/// x / (1 + e^(-rate*x)) = max(x, 0) - a*E/(P + E).
template <class V> XACT_INLINE inline V silu_without_fma(const V &x, const exp_rate &r = unit_rate) noexcept {
  const V a = at_most(abs(x), V(r.underflow));
  return gated_by(x, a, falling_exp<64>(a, r));
}

inline constexpr exp_rate quick_rate(1.702);
template <class V> XACT_INLINE inline V gelu_quick_without_fma(const V &x) noexcept {
  return silu_without_fma(x, quick_rate);
}

/// Factor * e/(1 + e)^2, e = e^(-rate*abs(x)): the derivative of sigmoid, and that of tanh with rate 2 and factor 4.
template <int Factor = 1, class V>
XACT_INLINE inline V sigmoid_derivative_without_fma(const V &x, const exp_rate &r = unit_rate) noexcept {
  const auto e = falling_exp<32>(at_most(abs(x), V(r.underflow)), r);
  const V one = lone_product(e.below, V(0x1p32f));
  const V sum = one + e.above;
  const V above = lone_product(e.above, one);
  return divide(Factor == 1 ? above : V(above * V(float(Factor))), lone_product(sum, sum));
}

/// y for x < 0, else 1 + z: where y = -z is the derivative at -abs(x) of an f with f(x) = x + f(-x).
template <class V> XACT_INLINE inline V one_minus_if_positive(const V &x, const V &minus_y) noexcept {
  const auto negative = x < V(0.0f);
  return select(negative, V(-0.0f), V(1.0f)) + mul_sign(minus_y, select(negative, V(-0.0f), V(0.0f)));
}

/// The derivative of x/(1 + e^-z(x)), z odd: with e = e^-z(a), a = abs(x), y = e*(1 + e - a*z')/(1 + e)^2 for x < 0,
/// else 1 - y.
template <class V>
XACT_INLINE inline V gated_derivative(const V &x, const V &a_slope, const undivided_exp<V> &e) noexcept {
  const V one = lone_product(e.below, V(0x1p32f));
  const V sum = one + e.above;
  const V above = lone_product(e.above, mul_sub(a_slope, one, sum));
  return one_minus_if_positive(x, divide(above, lone_product(sum, sum)));
}
template <class V>
XACT_INLINE inline V silu_derivative_without_fma(const V &x, const exp_rate &r = unit_rate) noexcept {
  const V a = at_most(abs(x), V(r.underflow));
  return gated_derivative(x, r.rate == 1 ? a : lone_product(a, V(r.rate)), falling_exp<32>(a, r));
}
template <class V> XACT_INLINE inline V gelu_quick_derivative_without_fma(const V &x) noexcept {
  return silu_derivative_without_fma(x, quick_rate);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
