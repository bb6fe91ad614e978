#pragma once

/// @file
/// gelu and gelu_tanh of double lanes: x times a distribution function in two parts, rounded once.

#include <xact/detail/sigmoid/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Phi(x), Phi the normal distribution function, with a relative error below 2^-54.8, given a = abs(x) <= 39 and
/// whether x is negative. `lacking`, if given, is what a lacks, below its last bit. Phi(-a) = e^(-a*a/2) * W(t) * (a +
/// 2) / (a * (a + 2) + 13/8), t = (a - 4) / (a + 4); the fraction alone is within 1 %, so W is nearly constant, and
/// neither its rounding errors nor those of t count for much. Constants: tests/sollya/gelu_double.py.
template <class V, class M, class... L>
XACT_INLINE inline deferred_double<V> normal_distribution(const V &a, const M &negative, const L &...lacking) noexcept {
  double_double<V> square = two_product(a, V(a * V(-0.5)));
  ((square.lo = neg_mul_add(a, lacking, square.lo)), ...);
  const auto [mantissa, scale, deferred_scale] = exp_double_double(square);

  const V t = (a - V(4.0)) / (a + V(4.0));
  const V t2 = t * t;
  const V slope =
      mul_add(polynomial(t2, -0x1.f1a8113277052p-9, -0x1.780969fba9786p-8, 0x1.c0eaea5723556p-8, 0x1.08bebbd8ef5b3p-9,
                         0x1.2106766659ec8p-16, 0x1.10f231e3f9ae4p-15, -0x1.a342c2a1b6456p-20, 0x1.abf5623f50557p-21,
                         -0x1.86a3be25b409ep-24, 0x1.248287b214b41p-26, -0x1.60dae14830d3ep-34, -0x1.0bb903fa1854p-32),
              t,
              polynomial(t2, -0x1.ad1f08b49c5adp-8, 0x1.7e834a9ba245bp-7, -0x1.b5add43c67d4ap-9, -0x1.48428d85e190bp-8,
                         -0x1.98b48ccf19d73p-12, -0x1.2117cfe32ff8dp-15, -0x1.b638bb2af4f35p-18, -0x1.0b635496d8509p-21,
                         0x1.433a74eb894a3p-26, -0x1.7e54695b7590dp-25, 0x1.4e26455553baep-27, -0x1.ba9d5230e7a89p-30));
  const V constant(0x1.9ce3a2ea199bdp-2);
  const V w_hi = mul_add(t, slope, constant);
  const V w_lo = mul_add(t, slope, V(constant - w_hi)) + V(0x1.127cdad3ed7a2p-58);

  double_double<V> shifted = two_sum(a, V(2.0));
  ((shifted.lo = shifted.lo + lacking), ...);
  const double_double<V> p = product(a, shifted);
  double_double<V> below = two_sum(p.hi, V(1.625));
  below.lo = below.lo + p.lo;
  ((below.lo = mul_add(lacking, shifted.hi, below.lo)), ...);

  const double_double<V> e{mantissa.hi * scale, mantissa.lo * scale};
  const double_double<V> tail = quotient(product(product(e, double_double<V>{w_hi, w_lo}), shifted), below);
  const double_double<V> rest = fast_two_sum(V(1.0), mul_sign(tail.hi, V(-0.0)));
  return {{select(negative, tail.hi, rest.hi), select(negative, tail.lo, V(rest.lo - tail.lo))}, deferred_scale};
}

/// Below -39 the result rounds to -0, from 10 on to x.
template <class V> XACT_INLINE inline V gelu_double(const V &x) noexcept {
  const V from_below = at_least(x, V(-39.0));
  const V clamped = at_most(from_below, V(10.0));
  const auto [phi, deferred_scale] = normal_distribution(abs(clamped), clamped < V(0.0));
  return select(V(10.0) < x, x, V(rounded_product(from_below, phi) * deferred_scale));
}

/// x / (1 + e^-2u), 2u = sqrt(8/pi) * (x + 0.044715 x^3) in two parts: one double for it would cost hundreds of ULP.
/// Below -22 the result rounds to -0, from 8 on to x.
template <class V> XACT_INLINE inline V gelu_tanh_double(const V &x) noexcept {
  const V from_below = at_least(x, V(-22.0));
  const V clamped = at_most(from_below, V(8.0));
  const V a = abs(clamped);
  const double_double<V> square = two_product(a, a);
  const double_double<V> cubic = product(square, double_double<V>{V(-0x1.2444f2a4d8b4bp-4), V(0x1.6c843a29d1c7p-61)});
  double_double<V> factor = two_sum(cubic.hi, V(-0x1.9884533d43651p+0));
  factor.lo = factor.lo + V(cubic.lo + V(0x1.cbc0d30ebfd15p-54));
  const auto [s, deferred_scale] = logistic(product(a, factor), clamped < V(0.0));
  return select(V(8.0) < x, x, V(rounded_product(from_below, s) * deferred_scale));
}

// The default tier: at most 4 ULP.

/// What gelu and its derivative are made of at a = abs(x): Phi(-a) = e^(-a*a/2) * D / (sqrt(2 pi) * a * D + N), Mills'
/// ratio with its asymptote built in, so that D's rounding errors cancel for large a. D(0) = 1.359375 and N(0)
/// = 2.71875 exactly: a factor common to both by which their sums round better (gelu with SSE2: 3.6 ULP; a factor of
/// 1: 4.1).
template <class V> struct mills_ratio {
  V d;
  V a_d; ///< a * D
  V n;
  V scale; ///< e^(-a*a/2) = scale * deferred_factor * (1 + expm1)
  V expm1;

  XACT_INLINE V below() const noexcept { return mul_add(a_d, V(0x1.40d931ff62706p+1), n); }
};

/// 0 <= a <= 39.5. a*a in two parts, e^(-a*a/2) by a polynomial. Constants: tests/sollya/exp_quotient_double.py.
template <class V> XACT_INLINE inline mills_ratio<V> mills_ratio_of(const V &a) noexcept {
  double_double<V> square;
  if constexpr (has_fma<V>) {
    square = two_product(a, a);
  } else {
    const auto [high, low] = cut(a);
    square = {V(high * high), V(low * V(a + high))};
  }
  // The linear term takes t in two parts: otherwise t's rounding costs a third of an ULP.
  const auto [t, exponent] = reduce_power_in_parts<inverse_root_base>(square, 1023 + deferred_bits);
  const V whole = t.hi + t.lo;
  const V rest = mul_add(V(whole * whole), horner<expm1_over_t<inverse_root_base>, 1>(whole), V(t.lo * V(-0.5)));
  const V expm1 = mul_add(t.hi, V(-0.5), rest);
  const V d = polynomial(a, 0x1.5cp+0, 0x1.26a83bbf54cd5p+1, 0x1.ed9b57099cad6p+0, 0x1.08bd1e2f2f4efp+0,
                         0x1.8f4f0c4a3f557p-2, 0x1.b8ae554a3acbp-4, 0x1.680fb3d42633dp-6, 0x1.aee3356e4ad53p-9,
                         0x1.6b068df51cff9p-12, 0x1.880a01e01fc6fp-16, 0x1.a20c4b6a799b5p-21);
  const V n = polynomial(a, 0x1.5cp+1, 0x1.aed3281b2398cp+1, 0x1.10c261ce70de8p+1, 0x1.c06b2c1a03ad1p-1,
                         0x1.03e12d8fcd02ep-2, 0x1.b53627413ab87p-5, 0x1.0a2e18d00218fp-7, 0x1.c4f03ec3dc9c4p-11,
                         0x1.eb591f690a9bfp-15, 0x1.05f9062ad8d6ep-19);
  return {d, V(a * d), n, as_float(exponent), expm1};
}

/// max(x, 0) - a * Phi(-a).
template <class V> XACT_INLINE inline V gelu_in_double(const V &x) noexcept {
  const mills_ratio<V> m = mills_ratio_of(at_most(abs(x), V(39.5)));
  const V above = m.a_d * m.scale;
  const V lost = mul_add(above, m.expm1, above) / m.below();
  return share_near_0(x, neg_mul_add(lost, V(deferred_factor), at_least(x, V(-0.0))), 0.5);
}

/// Phi(-a) - a * phi(a) at -a: of D / (sqrt(2 pi) * a * D + N) - a / sqrt(2 pi) one fraction.
template <class V> XACT_INLINE inline V gelu_derivative_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(39.5));
  const mills_ratio<V> m = mills_ratio_of(a);
  const V above = neg_mul_add(a, mul_add(m.n, V(0x1.9884533d43651p-2), m.a_d), m.d) * m.scale;
  return mirrored(x, V(mul_add(above, m.expm1, above) / m.below()));
}

/// e^-2u(a), 2u = sqrt(8/pi) * (a + 0.044715 a^3), 0 <= a <= 22; u is in two parts, in units of ln2. Constants:
/// tests/sollya/exp_quotient_double.py.
inline constexpr exp_base inverse_binary_base{-0x1.62e42fefa39efp-1, -1, -1, 0};
template <class V> XACT_INLINE inline shared_power<V> gelu_tanh_fraction(const V &a) noexcept {
  double_double<V> u;
  if constexpr (has_fma<V>) {
    const V linear(0x1.26aec21bce74p+1), cubic(0x1.a5a7cf7572a98p-4);
    const auto [square, square_low] = two_product(a, a);
    const V factor = mul_add(square, cubic, linear);
    // linear has 47 bits, so that its difference to factor is exact.
    const V factor_low =
        mul_add(square, cubic, V(linear - factor)) +
        mul_add(square_low, cubic, mul_add(square, V(-0x1.b91c940e4cfcfp-58), V(0x1.94bb4a166d0c5p-47)));
    u.hi = mul_add(a, factor, V(-0.0));
    u.lo = mul_add(a, factor_low, mul_sub(a, factor, u.hi));
  } else {
    const V linear(0x1.26aec2p+1), cubic(0x1.a5a7cfp-4);
    const auto [high, low] = cut(a);
    const V square = high * high;
    const auto [s, s_low] = cut(square);
    const V product = s * cubic;
    const V factor = cut(V(product + linear)).hi;
    const V rest = mul_add(low, V(a + high), s_low);
    const V factor_low = V(V(linear - factor) + product) +
                         mul_add(cubic, mul_add(V(a * a), V(0x1.1d3992f94f7f4p-26), rest), V(0x1.bce7594bb4a16p-27));
    u.hi = high * factor;
    u.lo = mul_add(low, factor, V(a * factor_low));
  }
  const V magic(magic_number(deferred_bits));
  const V shifted = magic - u.hi;
  return share_power<inverse_binary_base>(reduced_to(V(V(u.hi + V(shifted - magic)) + u.lo), shifted));
}

template <class V> XACT_INLINE inline V gelu_tanh_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(22.0));
  return gated(x, a, gelu_tanh_fraction(a));
}

template <class V> XACT_INLINE inline V gelu_tanh_derivative_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(22.0));
  const V v = a * mul_add(mul_add(a, a, V(-0.0)), V(0x1.b6676bf7450fp-3), V(0x1.9884533d43651p+0));
  return gated_derivative_in_double(x, v, gelu_tanh_fraction(a));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
