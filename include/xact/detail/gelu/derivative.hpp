#pragma once

/// @file
/// The derivative of gelu in double lanes, and the float kernel of both forms. Constants: tests/sollya/slopes.py,
/// slopes_float.py.

#include <xact/detail/gelu/derivative_tables.hpp>
#include <xact/detail/gelu/tail.hpp>
#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/numbers/tier.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// gelu'(-a) for 0 <= a <= 39: e^(-a*a/2) * (root - a) * W(t) * (a + 2) / (a + 19/16), t = (a - 4) / (a + 4). W is
/// constant within 1.2 %, so neither its rounding errors nor those of t count for much; the factor root - a keeps the
/// relative accuracy at the root.
template <class V>
XACT_INLINE inline deferred_number<double_double<V>, V> gelu_derivative_below(const double_double<V> &a) noexcept {
  const auto [e, deferred_scale] = exp_deferred(two_product(a.hi, V(a.hi * V(-0.5))));
  const V t = (a.hi - V(4.0)) / (a.hi + V(4.0));
  const V t2 = t * t;
  const V odd =
      polynomial(t2, 0x1.7bb200c78b425p-8, -0x1.72b23b71e3e39p-8, -0x1.50e14da228f9dp-9, -0x1.fd942e414d513p-13,
                 -0x1.9a7147e6e86f2p-16, -0x1.ba715c71dba49p-19, -0x1.49ec63ec4d12fp-22, -0x1.0cb120ae5c7d8p-25,
                 -0x1.f6c75df137388p-28, 0x1.3aef1cf874ap-31, -0x1.2bf000fcce9ecp-32, 0x1.56c750f0912cfp-36);
  const V even = polynomial(t2, -0x1.838e2a97d2307p-8, 0x1.173b3bb6d1865p-9, 0x1.3a3b751760e59p-8,
                            0x1.ef62d83f01295p-11, 0x1.dfe9fe959cd6fp-15, 0x1.8999cb10e97cep-17, 0x1.2fd805bda3449p-21,
                            0x1.8672fe7cfde27p-23, 0x1.b74a8f4fc13f7p-33, 0x1.9976a2cabcee4p-29, 0x1.9997ebe47befep-34,
                            -0x1.379f1471fe817p-35, 0x1.12711d10bc4aep-36);
  const V slope = mul_add(t, odd, even);
  const V middle(0x1.9936057f958f6p-2);
  const V w = mul_add(t, slope, middle);
  const V w_lo = mul_add(t, slope, V(middle - w)) + V(-0x1.fa4230c02b1edp-56);

  const double_double<V> beside =
      sum(number<double_double<V>>(0x1.80ead197f00b4p-1, -0x1.13e74c58cada8p-56), negated(a));
  const double_double<V> above = product(product(product(e, double_double<V>{w, w_lo}), beside), two_sum(a.hi, V(2.0)));
  return {quotient(above, two_sum(a.hi, V(1.1875))), deferred_scale};
}

/// The same to 2^-32, with (root - a) * P(a)/Q(a) instead.
template <class V> XACT_INLINE inline deferred_number<V, V> gelu_derivative_below(const V &a) noexcept {
  const V e = exp_for_float(V(a * a * V(-0.5)));
  const V p = polynomial(a, 0x1.54851a5d398c3p-1, 0x1.b909aa0e25f2p-1, 0x1.05296dd3d9f94p-1, 0x1.56457eb40926ep-3,
                         0x1.f0308299be773p-6, 0x1.42d1361094c2ap-9);
  const V q = polynomial(a, 0x1p+0, 0x1.8f90be8185767p+0, 0x1.08ea655e48d44p+0, 0x1.78dc4e7ca71b4p-2,
                         0x1.23ede4618109ap-4, 0x1.949774d8be16dp-8);
  return {product(V(e * (V(0x1.80ead197f00b4p-1) - a)), V(p / q)), V(1.0)};
}

/// gelu'(a) is 1 - gelu'(-a). Far below the result rounds to -0, from 10 on to 1. Near 0 the series: with what is above
/// one float, -0x1.40d932p-26, is misrounded.
template <class Tier, class V> XACT_INLINE inline V gelu_derivative(Tier, const V &x) noexcept {
  using N = derivative_number<Tier, V>;
  const V clamped = at_most(at_least(x, V(has_double_doubles<N> ? -39.0 : -14.75)), V(10.0));
  const V a = abs(clamped);
  const auto negative = clamped < V(0.0);
  const auto [below, deferred_scale] = gelu_derivative_below(lanes<N>(a));
  const N slope = select(negative, below, sum(number<N>(1.0), negated(below)));
  const V y = round_result(Tier{}, slope) * select(negative, deferred_scale, V(1.0));
  if constexpr (std::is_same_v<Tier, tier::exact>) {
    constexpr double_double<double> linear{0x1.9884533d43651p-1, -0x1.cbc0d30ebfd15p-55}; // sqrt(2 / pi)
    const V cubic = V(linear.hi) * polynomial(V(a * a), -1.0 / 3, 3.0 / 40, -1.0 / 84);
    return select(a < V(0x1p-9), near_half(clamped, linear, cubic), y);
  } else {
    return y;
  }
}

/// f'(-a) = (root - a) * R^2 and f'(a) = 1 - f'(-a), a = abs(x), in float; fallback(x) gives the lanes below the
/// segments. R and its square have two parts, so that only a - root (where it is not exact) and the result are rounded:
/// at most 1.7 ULP.
template <const auto &S, const auto &Root, class V, class F>
XACT_INLINE inline V accurate_gelu_derivative(const V &x, F fallback) noexcept {
  const V a = at_most(abs(x), V(S.limit)); // keeps NaN
  const V beside = a - V(Root.hi);
  const auto negative = x < V(0.0f);
  const V one = select(negative, V(0.0f), V(1.0f));
  const V sign = select(negative, V(-0.0f), V(0.0f)); // not that of -0
  const double_double<V> r = evaluate_double_double<S>(locate<S>(a));
  const V square = mul_add(r.hi, r.hi, V(-0.0f));
  const V square_lo = mul_add(V(r.hi + r.hi), r.lo, mul_sub(r.hi, r.hi, square));
  const V low = mul_add(beside, square_lo, mul_add(V(-Root.lo), square, V(-0.0f)));
  const V y = mul_add(mul_sign(beside, sign), square, V(one + mul_sign(low, sign)));
  if (!all_at_least(x, -S.limit)) [[unlikely]] {
    return select(x < V(-S.limit), fallback(x), y);
  }
  return y;
}

/// The same in the default tier, R and the root in one float each. The sign is moved by bits, and 1 or 0 made by them:
/// two selections take 4 to 11 % longer (AVX2, both compilers), 2 to 5 % with AVX-512.
template <const auto &S, const auto &Root, class V, class F>
XACT_INLINE inline V standard_gelu_derivative(const V &x, F tail) noexcept {
  using Int = integer_t<V>;
  const V a = at_most(abs(x), V(S.limit)); // as floats: nothing else brings a NaN back
  const V r = evaluate<S>(locate<S>(a));
  const V one = as_float(Int(as_integer(V(1.0f)) & Int(Int(as_integer(x) >> 31) ^ Int(-1))));
  V y = mul_add(mul_sign(V(a - V(Root.hi)), x), V(r * r), one);
  if (!all_at_least(x, -S.limit)) [[unlikely]] {
    y = replace_tail(x, y, -S.limit, tail);
  }
  return y;
}

/// The same from 8 segments where more are not looked up by one instruction.
template <const auto &S8, const auto &S16, const auto &Root, class V, class F>
XACT_INLINE inline V standard_gelu_derivative(const V &x, F tail) noexcept {
  if constexpr (cheap_table<V> == 8) {
    return standard_gelu_derivative<S8, Root>(x, tail);
  } else {
    return standard_gelu_derivative<S16, Root>(x, tail);
  }
}

/// gelu'(x) for -inf <= x <= -5: e^(-a*a/2) * a * (v*g(v) - K), v = 1/(a*a), K = 1/sqrt(2 * pi).
template <class V> XACT_INLINE inline V gelu_derivative_tail(const V &x) noexcept {
  const V a = at_most(abs(x), V(14.75f));
  const V square = mul_add(a, a, V(-0.0f));
  const V v = divide(V(1.0f), square);
  return fall<gelu_fall>(square, mul_sub(a, a, square), V(a * neg_mul_add(v, gelu_fall_factor(v), V(0x1.988454p-2f))));
}

/// gelu_tanh'(x) there: -e^(-2u(a)) * (a * 2u'(a) - 1).
template <class V> XACT_INLINE inline V gelu_tanh_derivative_tail(const V &x) noexcept {
  const V a = at_most(abs(x), V(11.25f));
  const auto [square, y, y_lo] = gelu_tanh_exponent(a);
  const V growth = mul_add(square, V(0x1.b6676cp-3f), V(0x1.988454p+0f));
  return fall<gelu_tanh_fall>(y, y_lo, mul_add(a, growth, V(-1.0f)));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
