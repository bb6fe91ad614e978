#pragma once

/// @file
/// sigmoid, silu and tanh of double lanes: the definitions on e^-abs(x) in two parts, rounded once.

#include <xact/detail/math/exp_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A number as value * deferred_scale, deferred_scale a power of two: 1 but for tiny numbers.
template <class V> struct late_scaled {
  double_double<V> value;
  V deferred_scale;
};

/// 1 / (1 + e^-u) with a relative error below 2^-59, given minus_u = -abs(u) >= -1200 and whether u < 0. e^-abs(u)
/// never overflows; for u < 0 it is the numerator, so that the tail keeps its accuracy.
template <class V, class M>
XACT_INLINE inline late_scaled<V> logistic(const double_double<V> &minus_u, const M &negative) noexcept {
  const auto [mantissa, scale, deferred_scale] = exp_double_double(minus_u);
  const double_double<V> e{mantissa.hi * scale, mantissa.lo * scale};
  const double_double<V> sum = fast_two_sum(V(1.0), e.hi);
  const double_double<V> numerator{select(negative, e.hi, V(1.0)), select(negative, e.lo, V(0.0))};
  return {quotient(numerator, double_double<V>{sum.hi, V(sum.lo + e.lo)}), deferred_scale};
}

/// Below -750 the result rounds to 0, from 40 on to 1. The sign is cleared so that every NaN comes out alike, in
/// whatever order the compiler adds.
template <class V> XACT_INLINE inline V sigmoid_double(const V &x) noexcept {
  const V clamped = at_most(at_least(x, V(-750.0)), V(40.0));
  const auto [s, deferred_scale] = logistic(double_double<V>{minus_abs(clamped), V(0.0)}, clamped < V(0.0));
  return abs(V(V(s.hi + s.lo) * deferred_scale));
}

/// Below -760 the result rounds to -0, from 40 on to x.
template <class V> XACT_INLINE inline V silu_double(const V &x) noexcept {
  const V from_below = at_least(x, V(-760.0));
  const V clamped = at_most(from_below, V(40.0));
  const auto [s, deferred_scale] = logistic(double_double<V>{minus_abs(clamped), V(0.0)}, clamped < V(0.0));
  return select(V(40.0) < x, x, V(rounded_product(from_below, s) * deferred_scale));
}

/// -m / (2 + m) with m = e^(-2 abs(x)) - 1 and the sign of x. From 20 on it rounds to 1.
template <class V> XACT_INLINE inline V tanh_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(20.0));
  const auto [r, shifted] = reduce_by_ln2(double_double<V>{V(a * V(-2.0)), V(0.0)});
  const double_double<V> e = expm1_reduced(r);
  const V scale = power_of_two(shifted);
  const double_double<V> rest = fast_two_sum(V(-1.0), scale);
  const double_double<V> sum = fast_two_sum(rest.hi, V(e.hi * scale));
  const double_double<V> m{sum.hi, mul_add(e.lo, scale, V(sum.lo + rest.lo))};
  const double_double<V> below = fast_two_sum(V(2.0), m.hi);
  const double_double<V> y = quotient(m, double_double<V>{below.hi, V(below.lo + m.lo)});
  return mul_sign(abs(V(y.hi + y.lo)), x);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
