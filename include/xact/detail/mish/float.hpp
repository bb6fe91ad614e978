#pragma once

/// @file
/// The float kernels of mish: x * (1 + 2v) / (1 + 2v + 2v^2) with v = e^-x. Constants: tests/sollya/sigmoid_float.py.

#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/sigmoid/derivative_float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// mish(x) for abs(x) <= 43 within 4 ULP, by one division.
template <class V> XACT_INLINE inline V standard_mish(const V &x) noexcept {
  // With a table of full entries, without remainders, 10 % faster (AVX-512), but 4.3 ULP.
  const auto [power, t, slope] = short_power_of<plain_scale>(x);
  const V v = mul_add(power, V(t * slope), power);
  const V twice = v + v;
  return divide(V(mul_add(x, twice, x)), V(mul_add(twice, v, V(twice + V(1.0f)))));
}

/// mish(x) for abs(x) <= 43 within 1 ULP: v = power + rest, and numerator and denominator likewise, each sum of powers
/// with what it loses. One quotient, corrected by its residual.
template <class V> XACT_INLINE inline V accurate_mish(const V &x) noexcept {
  const auto [power, t, slope] = short_power_of<plain_scale>(x);
  const auto sum = [](const V &a, const V &b) XACT_INLINE {
    const V s = a + b;
    return double_double<V>{s, V(at_most(a, b) - V(s - at_least(a, b)))};
  };
  const V twice = power + power;
  const V rest = mul_add(V(twice * t), slope, V(-0.0f)); // of 2v
  const double_double<V> head = sum(V(1.0f), twice);
  const V above = head.lo + rest; // 1 + 2v = head.hi + above
  const double_double<V> whole = sum(head.hi, mul_add(twice, power, V(-0.0f)));
  const V below = mul_add(rest, mul_add(rest, V(0.5f), twice), V(whole.lo + above));
  const V reciprocal = divide(V(1.0f), V(whole.hi + below));
  // By 2^56: the errors of tiny products would be flushed.
  const V scaled = x * V(0x1p56f);
  const V numerator = mul_add(scaled, head.hi, V(-0.0f));
  const V numerator_lo = mul_add(scaled, above, mul_sub(scaled, head.hi, numerator));
  const V q = mul_add(numerator, reciprocal, V(-0.0f)); // without numerator_lo, 4 % off: the residual has that too
  const V residual = mul_add(q, below, V(mul_sub(q, whole.hi, numerator) - numerator_lo));
  return mul_add(neg_mul_add(residual, reciprocal, q), V(0x1p-56f), V(-0.0f));
}

/// mish in a tier of float; the few lanes beyond its range come from `fallback`.
template <class Tier, class V, class F> XACT_INLINE inline V float_mish(const V &x, F fallback) noexcept {
  constexpr float limit = 43; // e^(2*limit) is a float
  V y;
  if constexpr (std::is_same_v<Tier, tier::standard>) {
    y = standard_mish(x);
  } else {
    y = accurate_mish(x);
  }
  if (!all_within(x, limit)) [[unlikely]] {
    y = select(V(limit) >= abs(x), y, fallback(x)); // a NaN is far: its bits would depend on the compiler
  }
  return y;
}

/// How many batches go through such a kernel together: with AVX-512 four are 5 to 12 % faster than one, with AVX2 10 %
/// in the default tier; in the accurate one clang gains 8 % by two, and four are too many.
inline constexpr facts::batches mish_together = {4, has_32_entries<native<float>> ? 4u : 2u, 1, 4};

/// mish'(x) = (1 + 2v) / D + 4x v^2 (1 + v) / D^2, v = e^-x, D = 1 + 2v + 2v^2, in the default tier. With a table of
/// full entries, as for silu', the tail would err by 9.8 ULP.
template <class V> XACT_INLINE inline V standard_mish_derivative(const V &x) noexcept {
  const auto [power, t, slope] = short_power_of<plain_scale>(x);
  const V v = mul_add(power, V(t * slope), power);
  const V above = mul_add(v, V(2.0f), V(1.0f));
  const V r = divide(V(1.0f), mul_add(V(v + v), v, above));
  const V factor = V(x * V(4.0f)) * V(v + V(1.0f));
  const V y = r * mul_add(factor, V(v * V(v * r)), above);
  return replace_tails(x, y, square_limit, [](const V &z) XACT_INLINE { return gate_derivative_tail(z, z, V(0.0f)); });
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
