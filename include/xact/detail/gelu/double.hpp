#pragma once

/// @file
/// gelu and gelu_tanh of double lanes: x times a distribution function in two parts, rounded once.

#include <xact/detail/sigmoid/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Phi(x), Phi the normal distribution function, with a relative error below 2^-55, given a = abs(x) <= 39 and whether
/// x is negative. Phi(-a) = e^(-a*a/2) * W(t) * (a + 2) / (a * (a + 2) + 13/8), t = (a - 4) / (a + 4); the fraction
/// alone is within 1 %, so W is nearly constant, and neither its rounding errors nor those of t count for much.
/// Constants: tests/sollya/gelu_double.py.
template <class V, class M>
XACT_INLINE inline late_scaled<V> normal_distribution(const V &a, const M &negative) noexcept {
  const double_double<V> square = two_product(a, V(a * V(-0.5)));
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

  const double_double<V> shifted = two_sum(a, V(2.0));
  const double_double<V> p = product(a, shifted);
  double_double<V> below = two_sum(p.hi, V(1.625));
  below.lo = below.lo + p.lo;

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

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
