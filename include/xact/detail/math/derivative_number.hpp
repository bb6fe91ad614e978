#pragma once

/// @file
/// What derivatives are worked out in: two parts, or one double where a float is all that is asked for. The formulas
/// are written once, over either.

#include <xact/detail/numbers/rounding.hpp>
#include <xact/detail/sigmoid/double.hpp>
#include <xact/detail/lanes/convert.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The number type of a tier on double lanes V.
template <class Tier, class V>
using slope_number = std::conditional_t<std::is_same_v<Tier, nearly_exact>, V, two_part<V>>;

template <class N> inline constexpr bool has_two_parts = false;
template <class V> inline constexpr bool has_two_parts<two_part<V>> = true;

/// hi + lo as an N of lanes V; the lanes themselves.
template <class N> [[gnu::always_inline]] inline N number(double hi, double lo = 0.0) noexcept {
  if constexpr (has_two_parts<N>) {
    using V = decltype(N::hi);
    return {V(hi), V(lo)};
  } else {
    return N(hi);
  }
}
template <class N, class V> [[gnu::always_inline]] inline N lanes(const V &x) noexcept {
  if constexpr (has_two_parts<N>) {
    return {x, V(0.0)};
  } else {
    return x;
  }
}

/// The number as one lane.
template <class V> [[gnu::always_inline]] inline V high_part(const V &a) noexcept { return a; }
template <class V> [[gnu::always_inline]] inline V high_part(const two_part<V> &a) noexcept { return a.hi; }

/// a + b, in two parts to 2^-100 of the larger one.
template <class V> [[gnu::always_inline]] inline V sum(const V &a, const V &b) noexcept { return a + b; }
template <class V> [[gnu::always_inline]] inline two_part<V> sum(const two_part<V> &a, const two_part<V> &b) noexcept {
  const two_part<V> s = two_sum(a.hi, b.hi);
  return fast_two_sum(s.hi, V(s.lo + V(a.lo + b.lo)));
}

/// a * b: not a bare product, which g++ might fuse into what follows in one place and not in another.
template <class V> [[gnu::always_inline]] inline V product(const V &a, const V &b) noexcept {
  return mul_add(a, b, V(-0.0));
}

template <class V> [[gnu::always_inline]] inline V quotient(const V &a, const V &b) noexcept { return a / b; }

template <class V> [[gnu::always_inline]] inline V negated(const V &a) noexcept { return flip_sign(a, V(-0.0)); }
template <class V> [[gnu::always_inline]] inline two_part<V> negated(const two_part<V> &a) noexcept {
  return {flip_sign(a.hi, V(-0.0)), flip_sign(a.lo, V(-0.0))};
}

template <class M, class V>
[[gnu::always_inline]] inline two_part<V> blend(const M &mask, const two_part<V> &a, const two_part<V> &b) noexcept {
  return {blend(mask, a.hi, b.hi), blend(mask, a.lo, b.lo)};
}

/// From where on e^-x is 0 in the type that is asked for, and beside anything else.
template <class Tier> inline constexpr double vanished = std::is_same_v<Tier, nearly_exact> ? 700.0 : 760.0;

template <class V> [[gnu::always_inline]] inline V settle(nearly_exact, const V &a) noexcept { return a; }
template <class V> [[gnu::always_inline]] inline V settle(nearly_exact, const two_part<V> &a) noexcept {
  return a.hi + a.lo;
}

/// value * last_scale, last_scale a power of two: 1 but for numbers below 2^-800.
template <class N, class V> struct late_number {
  N value;
  V last_scale;
};

/// e^x for -1200 <= x <= 0, with a relative error below 2^-60; with one part for -700 <= x, below 2^-50.
template <class V> [[gnu::always_inline]] inline late_number<V, V> exp_late(const V &x) noexcept {
  return {exp_for_float(x), V(1.0)};
}
template <class V> [[gnu::always_inline]] inline late_number<two_part<V>, V> exp_late(const two_part<V> &x) noexcept {
  const auto [mantissa, scale, last_scale] = exp_two_part(x);
  return {{mantissa.hi * scale, mantissa.lo * scale}, last_scale};
}

/// 1/2 + linear * x + cubic * x^3, rounded to odd: derivatives near 0, where floats lie on or beside ties.
template <class V>
[[gnu::always_inline]] inline V near_half(const V &x, const two_part<double> &linear, const V &cubic) noexcept {
  const two_part<V> line = sum(number<two_part<V>>(0.5), product(x, number<two_part<V>>(linear.hi, linear.lo)));
  return round_to_odd(two_part<V>{line.hi, mul_add(V(x * x * x), cubic, line.lo)});
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
