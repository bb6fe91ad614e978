#pragma once

/// @file
/// e^-y down to the smallest subnormal, in float: the tails of gelu and of derivatives. Constants:
/// tests/sollya/gelu_float.py.

#include <xact/detail/lanes/tables.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// 2^(64 + j/8), less j << 20 in its bits
inline constexpr table<float, 8> falling_powers = {0x1p+64f,        0x1.f72b84p+63f, 0x1.f06fep+63f,  0x1.ebfdaep+63f,
                                                   0x1.ea09e6p+63f, 0x1.eace54p+63f, 0x1.ee89fap+63f, 0x1.f5818ep+63f};

/// e^(-y/c): 2^(n/8) from a table, and a cubic of y + n*step, which is at most step/2.
struct falling_power {
  float steps;     ///< -1/step, so that n = round(y*steps*8)/8
  float step_high; ///< c*ln2, its first 12 bits
  float step_low;
  float coefficient[4]; ///< by -2^-64
};
inline constexpr falling_power plain_fall = {
    -0x1.715476p+0f, 0x1.63p-1f, -0x1.bd0106p-13f, {-0x1p-64f, 0x1p-64f, -0x1.000884p-65f, 0x1.5558c8p-67f}};
// -e^y for y <= 0
inline constexpr falling_power plain_rise = {
    0x1.715476p+0f, -0x1.63p-1f, 0x1.bd0106p-13f, {-0x1p-64f, -0x1p-64f, -0x1.000884p-65f, -0x1.5558c8p-67f}};
inline constexpr falling_power gelu_fall = {
    -0x1.715476p-1f, 0x1.62ep+0f, 0x1.0bfbe8p-14f, {-0x1p-64f, 0x1p-65f, -0x1.000884p-67f, 0x1.5558c8p-70f}};
inline constexpr falling_power gelu_tanh_fall = {
    -0x1.823f16p+0f, 0x1.534p-1f, 0x1.91db66p-13f, {-0x1p-64f, 0x1.0bb9c4p-64f, -0x1.180656p-65f, 0x1.865986p-67f}};

/// e^(-y/c) = power * 2^-64 * e^(-r/c), abs(r) <= step/16.
template <class V> struct falling_parts {
  V power;
  V n;
  V r; ///< lacks n * step_low
};
template <const auto &P, class V> XACT_INLINE inline falling_parts<V> falling_parts_of(const V &y) noexcept {
  using Int = integer_t<V>;
  const V magic(0x1.8p20f); // steps of 1/8
  const V shifted = mul_add(y, V(P.steps), magic);
  const V n = shifted - magic;
  // The entry for j eighths is 2^(64 + j/8), less j in the bits where n << 20 has it.
  const V power = as_float(Int(as_integer(lookup(falling_powers, as_integer(shifted))) + (as_integer(shifted) << 20)));
  return {power, n, mul_add(n, V(P.step_high), y)};
}

/// -factor * e^(-(y + rest)/c), 0 <= y/c <= 130, rounded last: it may be subnormal.
template <const auto &P, class V> XACT_INLINE inline V fall(const V &y, const V &rest, const V &factor) noexcept {
  const auto [power, n, r] = falling_parts_of<P>(y);
  const auto &[c0, c1, c2, c3] = P.coefficient;
  return V(power * factor) * polynomial(V(r + mul_add(n, V(P.step_low), rest)), c0, c1, c2, c3);
}
/// The same without a rest, and one factor for all.
template <const auto &P, class V> XACT_INLINE inline V fall(const V &y, float factor) noexcept {
  const auto [power, n, r] = falling_parts_of<P>(y);
  const auto &[c0, c1, c2, c3] = P.coefficient;
  return power * polynomial(mul_add(n, V(P.step_low), r), c0 * factor, c1 * factor, c2 * factor, c3 * factor);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
