#pragma once

/// @file
/// The float kernels of gelu and gelu_tanh: max(x, 0) - a * root^2, a = abs(x), the root from segments, and e^... in
/// the tail. Constants: tests/sollya/gelu_float.py.

#include <xact/detail/gelu_tables.hpp>
#include <xact/detail/tier.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// t * (1 + z) * 2^exponent with t from a table of 2^(j/8): what e^(head + rest) * (1 - shrink) comes to.
template <class V> struct scaled_power {
  V t;
  V z;
  integer_t<V> shifted;

  /// -y * 2^exponent, rounded once, for a y of about 1 and a result that may be subnormal.
  [[gnu::always_inline]] V negative(const V &y) const noexcept {
    using I = integer_t<V>;
    const I exponent = (shifted & I(-8)) << 20;
    return as_float(I(I(as_integer(y) + exponent) + I(64 << 23))) * V(-0x1p-64f);
  }
};

/// -113 <= head <= -5; `head` may be as wrong as `rest` says.
template <class V>
[[gnu::always_inline]] inline scaled_power<V> power_of_e(const table<float, 8> &powers,
                                                         const table<float, 8> &remainders, const V &head,
                                                         const V &rest, const V &shrink) noexcept {
  const V magic(0x1.8p20f); // steps of 1/8
  const V shifted = mul_add(head, V(0x1.715476p0f), magic);
  const V n = shifted - magic;
  const V near = mul_add(n, V(-0x1.0bfbe8p-15f), mul_add(n, V(-0x1.62ep-1f), head));
  const V r = near + (rest + lookup(remainders, as_integer(shifted)));
  const V more = mul_add(V(r * r), polynomial(r, 0.5f, 0x1.555556p-3f, 0x1.555556p-5f), r); // e^r - 1
  return {lookup(powers, as_integer(shifted)), neg_mul_add(shrink, V(more + V(1.0f)), more), as_integer(shifted)};
}

/// x * Phi(x) for x <= -5, at most 0.6 ULP: a * Phi(-a) = e^(-a*a/2) * K * (1 - shrink), shrink < 0.04.
template <class V> [[gnu::always_inline]] inline V gelu_far(const V &x) noexcept {
  const V a = at_most(magnitude(x), V(14.5f));
  const V square = mul_add(a, a, V(-0.0f));
  const V v = V(1.0f) / square;
  const V shrink = v * polynomial(v, 0x1.ffff32p-1f, -0x1.7fb732p+1f, 0x1.d6c92p+3f, -0x1.5d015p+6f, 0x1.73a864p+8f);
  const auto e = power_of_e(gelu_far_powers, gelu_far_remainders, V(square * V(-0.5f)),
                            V(mul_sub(a, a, square) * V(-0.5f)), shrink);
  return e.negative(mul_add(e.t, e.z, e.t));
}

/// gelu_tanh(x) for x <= -5, at most 0.6 ULP: -a * e^(-2u), which is all that is left of a / (1 + e^(2u)).
template <class V> [[gnu::always_inline]] inline V gelu_tanh_far(const V &x) noexcept {
  const V a = at_most(magnitude(x), V(11.0f));
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

/// max(x, 0) - a * root^2 for x >= -S.limit, in the fast tier.
template <const auto &S, class V> [[gnu::always_inline]] inline V fast_gelu(const V &x) noexcept {
  const V a = bounded_magnitude(x, S.limit);
  const V root = evaluate<S>(place<S>(a));
  return neg_mul_add(a, V(root * root), at_least(x, V(0.0f))); // no a * root: flushed to zero, it would leave x
}

/// The same within 1 ULP, with p itself from the segments: a * (1 - p) or a * -p, the factor in two parts.
template <const auto &S, class V> [[gnu::always_inline]] inline V accurate_gelu(const V &x) noexcept {
  const V a = bounded_magnitude(x, S.limit);
  const two_part<V> p = evaluate_two_part<S>(place<S>(a));
  const V one = blend(x < V(0.0f), V(0.0f), V(1.0f));
  const V factor = one - p.hi;
  const V factor_error = V(V(one - factor) - p.hi) - p.lo;
  const V y = mul_add(magnitude(x), factor, V(a * factor_error));
  return as_float(integer_t<V>(as_integer(y) | sign_bit(x))); // -0 for -0
}

/// The kernel of a tier, from its segments; far(x) gives the lanes below them.
template <class Tier, const auto &S, class V, class F>
[[gnu::always_inline]] inline V float_gelu(const V &x, F far) noexcept {
  V y;
  if constexpr (std::is_same_v<Tier, tier::fast>) {
    y = fast_gelu<S>(x);
  } else {
    y = accurate_gelu<S>(x);
  }
  if (!all_at_least(x, -S.limit)) [[unlikely]] {
    y = blend(x < V(-S.limit), far(x), y);
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
