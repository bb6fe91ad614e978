#pragma once

/// @file
/// The derivatives of sigmoid, tanh and silu in float: quotients over (1 + e)^2 with e = e^-a, e and 1 + e in two
/// parts.

#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/sigmoid/float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^-a = e + low for 0 <= a <= 60, e of ten bits, low at most 1.1 % of it (4.4 % with 8 table entries) and right to
/// 2^-23 of itself; 1 + e = head + lost.
template <class V> struct split_exponential {
  V e, low, head, lost;
};
template <class V> XACT_INLINE inline split_exponential<V> exponential_below(const V &a) noexcept {
  split_exponential<V> r;
  const auto [power, t, slope] = short_power_of<plain_scale>(a);
  r.e = power;
  r.low = mul_add(V(power * t), slope, V(-0.0f));
  r.head = V(1.0f) + r.e;
  r.lost = r.e - (r.head - V(1.0f));
  return r;
}

/// (1 + e)^2 within 2 ULP: 1 + e*(2 + e) is rounded less than a square.
template <class V> XACT_INLINE inline V plain_square(const V &e) noexcept {
  return mul_add(e, V(e + V(2.0f)), V(1.0f));
}

/// above / (1 + e)^2, above in two parts: the quotient is corrected by its residual.
template <class V>
XACT_INLINE inline V over_square(const double_double<V> &above, const split_exponential<V> &x) noexcept {
  const V tail = x.low + x.lost;
  const V square = mul_add(x.head, x.head, V(-0.0f));
  const V square_lo = mul_add(tail, V(V(x.head + x.head) + tail), mul_sub(x.head, x.head, square));
  const V reciprocal = divide(V(1.0f), V(square + square_lo));
  const V q = mul_add(above.hi, reciprocal, V(-0.0f));
  const V residual = neg_mul_add(q, square_lo, V(neg_mul_add(q, square, above.hi) + above.lo));
  return mul_add(residual, reciprocal, q);
}

/// Factor * e / (1 + e)^2 at a = Twice * abs(x), Factor a power of two; fallback(x) gives the lanes with a > 60.
template <int Twice, int Factor, class Tier, class V, class F>
XACT_INLINE inline V float_logistic_derivative(Tier, const V &x, F fallback) noexcept {
  constexpr float limit = 60.0f / Twice;
  const auto e = exponential_below(V(at_most(abs(x), V(limit)) * V(float(Twice))));
  V y;
  if constexpr (std::is_same_v<Tier, tier::standard>) {
    const V sum = e.e + e.low;
    y = divide(V(sum * V(float(Factor))), plain_square(sum));
  } else {
    y = over_square(double_double<V>{e.e, e.low}, e) * V(float(Factor));
  }
  if (!all_within(x, limit)) [[unlikely]] {
    y = select(V(limit) < abs(x), fallback(x), y);
  }
  return y;
}

/// silu'(-a) = e * (1 + e - a) / (1 + e)^2, silu'(a) = 1 - silu'(-a); fallback(x) gives the lanes below -60 and beside
/// the root, where the error of e would show.
template <class Tier, class V, class F>
XACT_INLINE inline V float_silu_derivative(Tier, const V &x, F fallback) noexcept {
  constexpr float limit = 60.0f;
  const auto negative = x < V(0.0f);
  const V a = at_most(abs(x), V(limit));
  const auto e = exponential_below(a);
  const V coarse = e.head - a; // 1 + e - a but for e.low and roundings
  V y;
  if constexpr (std::is_same_v<Tier, tier::standard>) {
    const V sum = e.e + e.low;
    y = divide(mul_add(e.e, coarse, V(e.low * V(coarse + sum))), plain_square(sum));
  } else {
    const V a_error = two_sum(e.head, mul_sign(a, V(-0.0f))).lo;
    const auto [rest, rest_lo] = fast_two_sum(coarse, V(a_error + V(e.low + e.lost)));
    const V above = mul_add(e.e, rest, V(-0.0f));
    const V above_lo = mul_add(e.low, rest, mul_add(e.e, rest_lo, mul_sub(e.e, rest, above)));
    y = over_square(double_double<V>{above, above_lo}, e);
  }
  y = select(negative, y, V(V(1.0f) - y));
  constexpr float beside = has_32_entries<V> ? 0x1.8p-7f : 0x1.8p-5f; // e.low is up to half of it
  const auto hard = negative & ((abs(coarse) < V(beside)) | (x < V(-limit)));
  if (any_lane(hard)) [[unlikely]] {
    y = select(hard, fallback(x), y);
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
