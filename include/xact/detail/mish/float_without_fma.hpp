#pragma once

/// @file
/// The float kernel of mish and its derivative, where there is no FMA.

#include <xact/detail/math/exp_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// With v = 2e^-a, a = abs(x), it is x - a * F/(F + G), F = v^2/2 and G = 1 + v for x >= 0, else -a * F/(F + G), F = v
/// + v^2/4 and G = 2. v, F and G have the factor 2^64, so that the division rounds a subnormal result. With e^-a as a
/// quotient it is 2 operations less, but 4.4 ULP.
template <class V> XACT_INLINE inline V mish_without_fma(const V &x) noexcept {
  const V a = at_most(abs(x), V(110.0f));
  const auto e = falling_exp_polynomial<65>(a);
  const V v = lone_product(e.power, V(V(1.0f) - e.fall));
  const auto negative = x < V(0.0f);
  const V quarter_square = lone_product(v, V(v * V(0x1p-66f)));
  const V f = quarter_square + select(negative, v, quarter_square); // v*(1 + v/4) would cost 0.6 ULP
  const V g = V(0x1p64f) + select(negative, V(0x1p64f), v);
  return share_near_0(x, V(at_least(x, V(-0.0f)) - divide(lone_product(a, f), V(f + g))), 0.6f);
}

inline constexpr exp_rate growing_rate(-1);

/// With w = e^x and n = w*(w + 2), mish is x * n/(n + 2), and the derivative w*((w + 2)*(n + 2) + 4x*(w + 1))/(n +
/// 2)^2: of w = E/P numerator and denominator times P^4.
template <class V> XACT_INLINE inline V mish_derivative_without_fma(const V &x) noexcept {
  const V bounded = at_most(at_least(x, V(-110.0f)), V(11.0f)); // from there on it rounds to 1
  const auto e = falling_exp<34>(bounded, growing_rate);
  const V w = lone_product(e.above, V(0x1p-34f)); // meaningless only where it is lost in the sums
  const V &one = e.below;
  const V two = one + one;
  const V sum = lone_product(one, two); // 2P^2
  const V end = w + two;
  const V below = mul_add(w, end, sum);
  const V rest = lone_product(lone_product(bounded, V(sum + sum)), V(w + one));
  const V above = lone_product(e.above, mul_add(end, below, rest));
  return divide(above, lone_product(below, lone_product(below, V(0x1p34f))));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
