#pragma once

/// @file
/// The float kernels of gelu and gelu_tanh and their derivatives, where there is no FMA. Constants:
/// tests/sollya/gelu_without_fma.py, tests/sollya/without_fma.sollya.

#include <xact/detail/sigmoid/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr exp_rate half_rate(0.5);

/// Phi(-a) = e^(-a^2/2) * D/(sqrt(2pi)*a*D + N), 0 <= a <= 14.75: Mills' ratio with its asymptote built in, so that D's
/// rounding errors cancel for large a. (A plain quotient of the same degree: 6.7 ULP.)
template <class V> struct normal_tail {
  V d;
  V ad;    ///< a*D
  V below; ///< the denominator, times 2^64
  V power; ///< e^(-a^2/2) = power * 2^-64 * (1 - fall)
  V fall;
};
template <class V> XACT_INLINE inline normal_tail<V> normal_tail_of(const V &a) noexcept {
  const V high = first_bits<12>(a);
  const V square = lone_product(high, high);
  const V square_low = lone_product(V(a - high), V(a + high));
  // The factor centres what `square` lacks of a^2.
  const auto [n, power] = nearest_power<64>(square, half_rate.steps * (1 + 0x1p-11f));
  const V t = mul_add(n, V(half_rate.step), square) + mul_add(n, V(half_rate.step_low), square_low);
  const V rest = polynomial(t, 0x1.fffff6p-4f, -0x1.5554p-6f, 0x1.555b9p-9f, -0x1.12990ap-12f, 0x1.698da6p-16f);
  const V fall = mul_sub(t, V(0.5f), lone_product(V(lone_product(t, t)), rest));
  constexpr float scale = 0x1p64f;
  const V d = polynomial(a, 0x1.8p+0f, 0x1.5eee3ap+0f, 0x1.2eed7cp-1f, 0x1.16e1fp-3f, 0x1.db1488p-7f);
  const V ad = lone_product(a, d);
  const V below = polynomial(a, 0x1.8p+1f * scale, 0x1.60178p+0f * scale, 0x1.60c932p-2f * scale,
                             0x1.285dc8p-5f * scale, 0x1.e1c0dcp-19f * scale);
  return {d, ad, mul_add(ad, V(0x1.40d932p+1f * scale), below), power, fall};
}

/// max(x, 0) - a*Phi(-a), a = abs(x).
template <class V> XACT_INLINE inline V gelu_without_fma(const V &x) noexcept {
  const auto p = normal_tail_of(V(at_most(abs(x), V(14.5f))));
  const V scaled = lone_product(p.ad, p.power);
  const V lost = divide(neg_mul_add(scaled, p.fall, scaled), p.below); // (1 - fall) would cost 0.5 ULP
  return share_near_0(x, V(at_least(x, V(-0.0f)) - lost), 0.5f);
}

/// y = Phi(-a) - a*phi(a) for x < 0, else 1 - y: phi(a) = e^(-a^2/2)/sqrt(2pi).
template <class V> XACT_INLINE inline V gelu_derivative_without_fma(const V &x) noexcept {
  const V a = at_most(abs(x), V(14.75f));
  const auto p = normal_tail_of(a);
  const V density = lone_product(V(a * V(0x1.988454p-2f * 0x1p-64f)), p.below);
  const V scaled = lone_product(p.power, V(density - p.d));
  return one_minus_if_positive(x, divide(neg_mul_add(scaled, p.fall, scaled), p.below));
}

// 0.044715 is 8943/200000, so 2u(a) is a multiple of y = a*(200000 + 8943*a^2) * 2^-17, and both constants are short.
inline constexpr float tanh_linear = 0x1.86ap+0f, tanh_cubic = 0x1.1778p-4f;
inline constexpr exp_rate tanh_rate(0x1.9884533d43651p+0 / 0x1.86ap+0);

/// e^(-2u(a)): y in two floats.
template <int Bias, class V> XACT_INLINE inline undivided_exp<V> exp_of_tanh_argument(const V &a) noexcept {
  const V high = first_bits<12>(a);
  const V low = a - high;
  const V square = lone_product(high, high);
  const V square_high = first_bits<10>(square);
  const V square_low = mul_add(low, V(a + high), V(square - square_high));
  const V linear(tanh_linear), cubic(tanh_cubic);
  const V product = lone_product(square_high, cubic);
  const V slope = first_bits<12>(V(product + linear));
  const V slope_low = mul_add(cubic, square_low, V(V(linear - slope) + product)); // the bracket is exact
  return falling_exp<Bias>(lone_product(high, slope), mul_add(low, slope, lone_product(a, slope_low)), tanh_rate);
}

/// max(x, 0) - a / (1 + e^(2u(a))), a = abs(x).
template <class V> XACT_INLINE inline V gelu_tanh_without_fma(const V &x) noexcept {
  const V a = at_most(abs(x), V(11.0f));
  return gated_by(x, a, exp_of_tanh_argument<64>(a));
}

template <class V> XACT_INLINE inline V gelu_tanh_derivative_without_fma(const V &x) noexcept {
  const V a = at_most(abs(x), V(10.9f));
  const V slope = mul_add(lone_product(a, a), V(3 * tanh_cubic * tanh_rate.rate), V(tanh_linear * tanh_rate.rate));
  return gated_derivative(x, lone_product(a, slope), exp_of_tanh_argument<32>(a));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
