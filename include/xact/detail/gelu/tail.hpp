#pragma once

/// @file
/// The far tails of gelu and gelu_tanh in float, where their segments end. Constants: tests/sollya/gelu_float.py.

#include <xact/detail/gelu/tables.hpp>
#include <xact/detail/math/falling_power.hpp>
#include <xact/detail/numbers/tier.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// t * (1 + z) * 2^exponent with t from a table of 2^(j/8): what e^(head + rest) * (1 - shrink) comes to.
template <class V> struct scaled_power {
  V t;
  V z;
  integer_t<V> shifted;

  /// y * 2^(exponent + 64), for a y of about 1: normal where y * 2^exponent is not.
  XACT_INLINE V raised(const V &y) const noexcept {
    using Int = integer_t<V>;
    const Int exponent = (shifted & Int(-8)) << 20;
    return as_float(Int(Int(as_integer(y) + exponent) + Int(64 << 23)));
  }
  /// -y * 2^exponent, rounded once, for a result that may be subnormal.
  XACT_INLINE V negative(const V &y) const noexcept { return raised(y) * V(-0x1p-64f); }
};

/// -113 <= head <= -5; `head` may be as wrong as `rest` says.
template <class V>
XACT_INLINE inline scaled_power<V> power_of_e(const table<float, 8> &powers, const table<float, 8> &remainders,
                                              const V &head, const V &rest, const V &shrink) noexcept {
  const V magic(0x1.8p20f); // steps of 1/8
  const V shifted = mul_add(head, V(0x1.715476p0f), magic);
  const V n = shifted - magic;
  const V nearby = mul_add(n, V(-0x1.0bfbe8p-15f), mul_add(n, V(-0x1.62ep-1f), head));
  const V r = nearby + (rest + lookup(remainders, as_integer(shifted)));
  const V more = mul_add(V(r * r), polynomial(r, 0.5f, 0x1.555556p-3f, 0x1.555556p-5f), r); // e^r - 1
  return {lookup(powers, as_integer(shifted)), neg_mul_add(shrink, V(more + V(1.0f)), more), as_integer(shifted)};
}

/// x * Phi(x) for -inf <= x <= -5, at most 0.6 ULP: a * Phi(-a) = e^(-a*a/2) * K * (1 - shrink), shrink < 0.04.
template <class V> XACT_INLINE inline V accurate_gelu_tail(const V &x) noexcept {
  const V a = at_most(abs(x), V(14.5f));
  const V square = mul_add(a, a, V(-0.0f));
  const V v = V(1.0f) / square;
  const V shrink = v * polynomial(v, 0x1.ffff32p-1f, -0x1.7fb732p+1f, 0x1.d6c92p+3f, -0x1.5d015p+6f, 0x1.73a864p+8f);
  const auto e = power_of_e(gelu_far_powers, gelu_far_remainders, V(square * V(-0.5f)),
                            V(mul_sub(a, a, square) * V(-0.5f)), shrink);
  return e.negative(mul_add(e.t, e.z, e.t));
}

/// gelu_tanh(x) for -inf <= x <= -5, at most 0.6 ULP: -a * e^(-2u), which is all that is left of a / (1 + e^(2u)).
template <class V> XACT_INLINE inline V accurate_gelu_tanh_tail(const V &x) noexcept {
  const V a = at_most(abs(x), V(11.0f));
  const V square = mul_add(a, a, V(-0.0f));
  const V linear(-0x1.98845p+0f);
  const V slope = mul_add(square, V(-0x1.2444f2p-4f), linear);
  const V cubic_error = mul_add(square, V(-0x1.2444f2p-4f), V(linear - slope));
  const V square_error = mul_sub(a, a, square);
  const V slope_error =
      mul_add(square, V(-0x1.49b16ap-29f), mul_add(square_error, V(-0x1.2444f2p-4f), cubic_error)) - V(0x1.9ea1b2p-23f);
  const V head = mul_add(a, slope, V(-0.0f));
  const auto e = power_of_e(gelu_tanh_far_powers, gelu_tanh_far_remainders, head,
                            mul_add(a, slope_error, mul_sub(a, slope, head)), V(0.0f));
  const V y = mul_add(a, e.t, V(-0.0f));
  return e.negative(y + mul_add(y, e.z, mul_sub(a, e.t, y)));
}

/// a * Phi(-a) * e^(a*a/2) at v = 1/(a*a).
template <class V> XACT_INLINE inline V gelu_fall_factor(const V &v) noexcept {
  return polynomial(v, 0x1.988448p-2f, -0x1.98728ep-2f, 0x1.2fe552p+0f, -0x1.558e36p+2f, 0x1.439468p+4f);
}
template <class V> XACT_INLINE inline V standard_gelu_tail(const V &x) noexcept {
  const V a = at_most(abs(x), V(14.5f));
  const V square = mul_add(a, a, V(-0.0f));
  const V v = divide(V(1.0f), square);
  return fall<gelu_fall>(square, mul_sub(a, a, square), gelu_fall_factor(v));
}

/// 0.044715 is 8943/200000, so 2u*c is a * (200000 + 8943*a*a) * 2^-17 for some c, and both constants are short: y, in
/// two parts.
template <class V> struct gelu_tanh_power {
  V square;
  V y;
  V y_lo;
};
template <class V> XACT_INLINE inline gelu_tanh_power<V> gelu_tanh_exponent(const V &a) noexcept {
  const V square = mul_add(a, a, V(-0.0f));
  const V linear(0x1.86ap+0f);
  const V cubic(0x1.1778p-4f);
  const V slope = mul_add(square, cubic, linear);
  const V slope_error = mul_add(mul_sub(a, a, square), cubic, mul_add(square, cubic, V(linear - slope)));
  const V y = mul_add(a, slope, V(-0.0f));
  return {square, y, mul_add(a, slope_error, mul_sub(a, slope, y))};
}
template <class V> XACT_INLINE inline V standard_gelu_tanh_tail(const V &x) noexcept {
  const V a = at_most(abs(x), V(11.0f));
  const auto [square, y, y_lo] = gelu_tanh_exponent(a);
  return fall<gelu_tanh_fall>(y, y_lo, a);
}

/// y, but fallback(x) where x < bound.
template <class V, class F>
XACT_INLINE inline V replace_tail(const V &x, const V &y, scalar_t<V> bound, F fallback) noexcept {
  return select(x < V(bound), fallback(at_most(x, V(bound))), y);
}
/// The parts of a pack share evaluations, each of the least of a column of lanes; most often one is all it takes.
template <class V, std::size_t N, class F>
XACT_INLINE inline pack<V, N> replace_tail(const pack<V, N> &x, pack<V, N> y, scalar_t<V> bound, F fallback) noexcept {
  pack<V, N> left = select(x < pack<V, N>(bound), x, pack<V, N>(0.0f));
  const auto least_left = [&]() XACT_INLINE {
    V least(bound);
    each_index<N>([&](auto i) XACT_INLINE { least = at_most(left.part[i], least); });
    return least;
  };
  for (V least = least_left(); any_lane(least < V(bound)); least = least_left()) {
    const V z = fallback(least);
    each_index<N>([&](auto i) XACT_INLINE {
      const auto now = left.part[i] == least;
      y.part[i] = select(now, z, y.part[i]);
      left.part[i] = select(now, V(0.0f), left.part[i]);
    });
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
