#pragma once

/// @file
/// sigmoid, silu and tanh of double lanes: the definitions on e^-abs(x) in two parts, rounded once.

#include <xact/detail/math/exp_double.hpp>
#include <xact/detail/math/exp_quotient_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A number as value * deferred_scale, deferred_scale a power of two: 1 unless the number is tiny.
template <class V> struct deferred_double {
  double_double<V> value;
  V deferred_scale;
};

/// 1 / (1 + e^-u) with a relative error below 2^-57, given minus_u = -abs(u) >= -1200 and whether u < 0. e^-abs(u)
/// never overflows; for u < 0 it is the numerator, so that the tail keeps its accuracy.
template <class V, class M>
XACT_INLINE inline deferred_double<V> logistic(const double_double<V> &minus_u, const M &negative) noexcept {
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

/// -tanh(a), a >= 0: m / (2 + m) with m = e^(-2 a) - 1.
template <class V> XACT_INLINE inline double_double<V> minus_tanh(const double_double<V> &a) noexcept {
  const auto [r, shifted] = reduce_by_ln2(double_double<V>{V(a.hi * V(-2.0)), V(a.lo * V(-2.0))});
  const double_double<V> e = expm1_reduced(r);
  const V scale = power_of_two(shifted);
  const double_double<V> rest = fast_two_sum(V(-1.0), scale);
  const double_double<V> sum = fast_two_sum(rest.hi, V(e.hi * scale));
  const double_double<V> m{sum.hi, mul_add(e.lo, scale, V(sum.lo + rest.lo))};
  const double_double<V> below = fast_two_sum(V(2.0), m.hi);
  return quotient(m, double_double<V>{below.hi, V(below.lo + m.lo)});
}

/// From 20 on it rounds to 1.
template <class V> XACT_INLINE inline V tanh_double(const V &x) noexcept {
  const double_double<V> y = minus_tanh(double_double<V>{at_most(abs(x), V(20.0)), V(0.0)});
  return mul_sign(abs(V(y.hi + y.lo)), x);
}

// The default tier: at most 4 ULP.

/// e = e^-u / deferred_factor as a fraction that shares the division of what it goes into: 1 / (1 + e^-u) = below /
/// sum.
template <class V> struct shared_power {
  V e;
  V below;
  V sum;
};
template <const exp_base &B, class V>
XACT_INLINE inline shared_power<V> share_power(const reduced_power<V> &p) noexcept {
  const auto [above, below] = exp_quotient<B>(p.t);
  const V e = p.scale_by(above);
  return {e, below, mul_add(e, V(deferred_factor), below)};
}

/// max(x, 0) - a * e / (1 + e), a = abs(x), e = e^-u(a), for x / (1 + e^-u). The last operation keeps NaN and -0, and
/// makes the limit -0 at -inf.
template <class V> XACT_INLINE inline V gated(const V &x, const V &a, const shared_power<V> &p) noexcept {
  return share_near_0(x, neg_mul_add(V(V(a * p.e) / p.sum), V(deferred_factor), at_least(x, V(-0.0))), 0.5);
}

template <class V> XACT_INLINE inline V silu_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(760.0));
  return gated(x, a, share_power<inverse_base>(reduce_power<inverse_base>(a)));
}

/// e^(-1.702 x): tests/sollya/exp_quotient_double.py.
inline constexpr exp_base inverse_quick_base{-0x1.b3b645a1cac08p+0, -0x1.3a4cbdc7ee26bp+1, -0x1.a10753b438p-2,
                                             -0x1.305015c728834p-44};
template <class V> XACT_INLINE inline V gelu_quick_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(450.0));
  return gated(x, a, share_power<inverse_quick_base>(reduce_power<inverse_quick_base>(a)));
}

/// 1 / (1 + e^-x), given x for e^-x * deferred_factor. Numerator and denominator are deferred_factor times what they
/// are, so that the quotient, e^745 and more in its denominator, is rounded once.
template <class X> XACT_INLINE inline auto logistic_in_double(const X &x) noexcept {
  const auto p = reduce_power<inverse_base>(x, 1023 - deferred_bits);
  const auto [above, below] = exp_quotient<inverse_base>(p.t);
  using V = std::remove_cvref_t<decltype(above)>;
  const V numerator = below * V(deferred_factor);
  return V(numerator / mul_add(above, p.scale(), numerator));
}
template <class V> XACT_INLINE inline V sigmoid_in_double(const V &x) noexcept {
  return logistic_in_double(at_most(at_least(x, V(-760.0)), V(40.0)));
}

/// m / (2 - m), m = 1 - e^(-2 abs(x)), with the sign of x. From 20 on it rounds to 1.
template <class V> XACT_INLINE inline V tanh_in_double(const V &x) noexcept {
  const auto p = reduce_power<inverse_square_base>(at_most(abs(x), V(20.0)), 1023);
  const V expm1 = p.t * horner<expm1_over_t<inverse_square_base>>(p.t);
  const V m = neg_mul_add(p.scale(), expm1, V(V(1.0) - p.scale()));
  return copy_sign(x, V(m / (V(2.0) - m)));
}

// Derivatives in the default tier: at most 8 ULP of the larger of their magnitude and 1/8, tails of themselves.

/// y * deferred_factor for x < 0, 1 minus that else: f'(x) of a gated unit from f'(-abs(x)).
template <class V> XACT_INLINE inline V mirrored(const V &x, const V &y) noexcept {
  const auto negative = x < V(0.0);
  return mul_add(y, select(negative, V(deferred_factor), V(-deferred_factor)), select(negative, V(-0.0), V(1.0)));
}

/// factor * e / (1 + e)^2, e = e^-u: the derivative of the logistic function.
template <class V> XACT_INLINE inline V bell_in_double(const shared_power<V> &p, double factor) noexcept {
  return V(V(p.e * p.below) / V(p.sum * p.sum)) * V(factor * deferred_factor);
}
template <class V> XACT_INLINE inline V sigmoid_derivative_in_double(const V &x) noexcept {
  return bell_in_double(share_power<inverse_base>(reduce_power<inverse_base>(at_most(abs(x), V(760.0)))), 1);
}
template <class V> XACT_INLINE inline V tanh_derivative_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(380.0));
  return bell_in_double(share_power<inverse_square_base>(reduce_power<inverse_square_base>(a)), 4);
}

/// The derivative of x / (1 + e^-u(x)), u odd: e * (1 + e - v) / (1 + e)^2 at -abs(x), e = e^-u, v = abs(x) * u'.
template <class V>
XACT_INLINE inline V gated_derivative_in_double(const V &x, const V &v, const shared_power<V> &p) noexcept {
  return mirrored(x, V(V(p.e * neg_mul_add(v, p.below, p.sum)) / V(p.sum * p.sum)));
}
template <class V> XACT_INLINE inline V silu_derivative_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(760.0));
  return gated_derivative_in_double(x, a, share_power<inverse_base>(reduce_power<inverse_base>(a)));
}
template <class V> XACT_INLINE inline V gelu_quick_derivative_in_double(const V &x) noexcept {
  const V a = at_most(abs(x), V(450.0));
  const V v = a * V(-inverse_quick_base.factor);
  return gated_derivative_in_double(x, v, share_power<inverse_quick_base>(reduce_power<inverse_quick_base>(a)));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
