#pragma once

/// @file
/// The derivatives of sigmoid, tanh and silu in float: quotients over (1 + e)^2 with e = e^-a, e and 1 + e in two
/// parts.

#include <xact/detail/sigmoid_float.hpp>
#include <xact/detail/two_part.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^-a = e + low for 0 <= a <= 60, e of ten bits, low at most 1.1 % of it (4.4 % with 8 table entries) and right to
/// 2^-23 of itself; 1 + e = head + lost.
template <class V> struct split_exponential { V e, low, head, lost; };
template <class V> [[gnu::always_inline]] inline split_exponential<V> exponential_below(const V &a) noexcept {
  split_exponential<V> r;
  split_power(
      a, [&](const V &coarse, const V &n, const integer_t<V> &shifted) __attribute__((always_inline)) {
        const V near = mul_add(n, V(-0x1.05c61p-29f), coarse);
        V t, slope;
        if constexpr (has_32_entries<V>) {
          t = near - lookup(remainders_32, shifted);
          r.e = shifted_power(powers_32, shifted);
          slope = polynomial(t, -0x1p+0f, 0x1.0000a2p-1f, -0x1.555468p-3f);
        } else {
          t = near - lookup(remainders_8, shifted);
          r.e = shifted_power(powers_8, shifted);
          slope = polynomial(t, -0x1p+0f, 0x1p-1f, -0x1.556006p-3f, 0x1.555174p-5f);
        }
        r.low = mul_add(V(r.e * t), slope, V(-0.0f));
        return t;
      });
  r.head = V(1.0f) + r.e;
  r.lost = r.e - (r.head - V(1.0f));
  return r;
}

/// above / (1 + e)^2, above in two parts: in the fast tier plainly, in the default one corrected by the residual.
template <class Tier, class V>
[[gnu::always_inline]] inline V over_square(Tier, const two_part<V> &above, const split_exponential<V> &x) noexcept {
  if constexpr (std::is_same_v<Tier, tier::fast>) {
    const V s = x.head + V(x.low + x.lost);
    return divide(V(above.hi + above.lo), V(s * s));
  } else {
    const V tail = x.low + x.lost;
    const V square = mul_add(x.head, x.head, V(-0.0f));
    const V square_lo = mul_add(tail, V(V(x.head + x.head) + tail), mul_sub(x.head, x.head, square));
    const V reciprocal = divide(V(1.0f), V(square + square_lo));
    const V q = mul_add(above.hi, reciprocal, V(-0.0f));
    const V residual = neg_mul_add(q, square_lo, V(neg_mul_add(q, square, above.hi) + above.lo));
    return mul_add(residual, reciprocal, q);
  }
}

/// Factor * e / (1 + e)^2 at a = Twice * abs(x), Factor a power of two; far(x) gives the lanes with a > 60.
template <int Twice, int Factor, class Tier, class V, class F>
[[gnu::always_inline]] inline V float_logistic_slope(Tier, const V &x, F far) noexcept {
  constexpr float limit = 60.0f / Twice;
  const auto e = exponential_below(V(at_most(magnitude(x), V(limit)) * V(float(Twice))));
  V y = over_square(Tier{}, two_part<V>{e.e, e.low}, e) * V(float(Factor));
  if (!all_within(x, limit)) [[unlikely]] {
    y = blend(V(limit) < magnitude(x), far(x), y);
  }
  return y;
}

/// silu'(-a) = e * (1 + e - a) / (1 + e)^2, silu'(a) = 1 - silu'(-a); far(x) gives the lanes below -60 and beside the
/// root, where the error of e would show.
template <class Tier, class V, class F>
[[gnu::always_inline]] inline V float_silu_slope(Tier, const V &x, F far) noexcept {
  constexpr float beside = has_32_entries<V> ? 0x1p-7f : 0x1p-5f;
  constexpr float limit = 60.0f;
  const auto negative = x < V(0.0f);
  const V a = at_most(magnitude(x), V(limit));
  const auto e = exponential_below(a);
  V y, rest;
  if constexpr (std::is_same_v<Tier, tier::fast>) {
    // Not over_square: (head + tail)^2 rounded twice, because the product above has errors of its own.
    const V tail = e.low + e.lost;
    const V square = mul_add(tail, V(V(e.head + e.head) + tail), V(e.head * e.head));
    rest = V(e.head - a) + e.low;
    y = divide(V(V(e.e + e.low) * rest), square);
  } else {
    const two_part<V> start = two_sum(e.head, flip_sign(a, V(-0.0f)));
    const auto [high, low] = fast_two_sum(start.hi, V(start.lo + V(e.low + e.lost)));
    const V above = mul_add(e.e, high, V(-0.0f));
    const V above_lo = mul_add(e.low, high, mul_add(e.e, low, mul_sub(e.e, high, above)));
    y = over_square(Tier{}, two_part<V>{above, above_lo}, e);
    rest = high;
  }
  y = blend(negative, y, V(V(1.0f) - y));
  const auto hard = negative & ((magnitude(rest) < V(beside)) | (x < V(-limit)));
  if (any_lane(hard)) [[unlikely]] {
    y = blend(hard, far(x), y);
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
