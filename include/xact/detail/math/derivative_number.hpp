#pragma once

/// @file
/// The numbers of which derivatives are made: two doubles, or one where the result is a float. The formulas
/// are written once, over either.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/math/exp_double.hpp>
#include <xact/detail/numbers/rounding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The number type of a tier on double lanes V.
template <class Tier, class V>
using derivative_number = std::conditional_t<std::is_same_v<Tier, nearly_exact>, V, double_double<V>>;

template <class N> inline constexpr bool has_double_doubles = false;
template <class V> inline constexpr bool has_double_doubles<double_double<V>> = true;

/// hi + lo as an N of lanes V; the lanes themselves.
template <class N> XACT_INLINE inline N number(double hi, double lo = 0.0) noexcept {
  if constexpr (has_double_doubles<N>) {
    using V = decltype(N::hi);
    return {V(hi), V(lo)};
  } else {
    return N(hi);
  }
}
template <class N, class V> XACT_INLINE inline N lanes(const V &x) noexcept {
  if constexpr (has_double_doubles<N>) {
    return {x, V(0.0)};
  } else {
    return x;
  }
}

/// The number as one lane.
template <class V> XACT_INLINE inline V high_part(const V &a) noexcept { return a; }
template <class V> XACT_INLINE inline V high_part(const double_double<V> &a) noexcept { return a.hi; }

/// a + b, in two parts to 2^-100 of the larger one.
template <class V> XACT_INLINE inline V sum(const V &a, const V &b) noexcept { return a + b; }
template <class V>
XACT_INLINE inline double_double<V> sum(const double_double<V> &a, const double_double<V> &b) noexcept {
  const double_double<V> s = two_sum(a.hi, b.hi);
  return fast_two_sum(s.hi, V(s.lo + V(a.lo + b.lo)));
}

/// a * b: not a bare product, which g++ might fuse into what follows in one place and not in another.
template <class V> XACT_INLINE inline V product(const V &a, const V &b) noexcept { return mul_add(a, b, V(-0.0)); }

template <class V> XACT_INLINE inline V quotient(const V &a, const V &b) noexcept { return a / b; }

template <class V> XACT_INLINE inline V negated(const V &a) noexcept { return mul_sign(a, V(-0.0)); }
template <class V> XACT_INLINE inline double_double<V> negated(const double_double<V> &a) noexcept {
  return {mul_sign(a.hi, V(-0.0)), mul_sign(a.lo, V(-0.0))};
}

template <class M, class V>
XACT_INLINE inline double_double<V> select(const M &mask, const double_double<V> &a,
                                           const double_double<V> &b) noexcept {
  return {select(mask, a.hi, b.hi), select(mask, a.lo, b.lo)};
}

/// From here on e^-x is 0 in the result's type, and is lost in any sum.
template <class Tier> inline constexpr double underflow = std::is_same_v<Tier, nearly_exact> ? 700.0 : 760.0;

template <class V> XACT_INLINE inline V round_result(nearly_exact, const V &a) noexcept { return a; }
template <class V> XACT_INLINE inline V round_result(nearly_exact, const double_double<V> &a) noexcept {
  return a.hi + a.lo;
}

/// value * deferred_scale, deferred_scale a power of two: 1 unless the number is below 2^-800.
template <class N, class V> struct deferred_number {
  N value;
  V deferred_scale;
};

/// e^x for -1200 <= x <= 0, with the relative error of exp_double_double; with one part for -700 <= x, below 2^-50.
template <class V> XACT_INLINE inline deferred_number<V, V> exp_deferred(const V &x) noexcept {
  return {exp_for_float(x), V(1.0)};
}
template <class V>
XACT_INLINE inline deferred_number<double_double<V>, V> exp_deferred(const double_double<V> &x) noexcept {
  const auto [mantissa, scale, deferred_scale] = exp_double_double(x);
  return {{mantissa.hi * scale, mantissa.lo * scale}, deferred_scale};
}

/// 1/2 + linear * x + cubic * x^3, rounded to odd: derivatives near 0, where floats lie on ties or next to them.
template <class V>
XACT_INLINE inline V near_half(const V &x, const double_double<double> &linear, const V &cubic) noexcept {
  const double_double<V> line =
      sum(number<double_double<V>>(0.5), product(x, number<double_double<V>>(linear.hi, linear.lo)));
  return round_to_odd(double_double<V>{line.hi, mul_add(V(x * x * x), cubic, line.lo)});
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
