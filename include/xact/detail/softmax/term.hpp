#pragma once

/// @file
/// e^x for any finite x, as a significand and an exponent, in double lanes.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Lanes to memory and back, whatever their type.
template <class V, class T> XACT_INLINE inline void store_each(const V &x, T *to) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    *to = x;
  } else if constexpr (requires { x.part; }) {
    for (const auto &part : x.part) {
      store_each(part, to);
      to += lane_traits<std::remove_cvref_t<decltype(part)>>::size;
    }
  } else {
    x.store_unaligned(to);
  }
}
template <class V, class T> XACT_INLINE inline V load_each(const T *from) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    return *from;
  } else if constexpr (requires(V x) { x.part; }) {
    V x;
    for (auto &part : x.part) {
      part = load_each<std::remove_cvref_t<decltype(part)>>(from);
      from += lane_traits<std::remove_cvref_t<decltype(part)>>::size;
    }
    return x;
  } else {
    return V::load_unaligned(from);
  }
}

/// The number significand * 2^exponent; the exponent is a whole number.
template <class V> struct power {
  V significand;
  V exponent;
};

/// a * b, rounded. g++ fuses a bare product into the sum that it feeds when the ISA has FMA; this one it cannot, so
/// that the bits are the same everywhere.
template <class V> XACT_INLINE inline V rounded(const V &a, const V &b) noexcept { return mul_add(a, b, V(0.0)); }

template <class V> XACT_INLINE inline V rounded_polynomial(const V &, double c0) noexcept { return V(c0); }
template <class V, class... C> XACT_INLINE inline V rounded_polynomial(const V &x, double c0, C... rest) noexcept {
  return rounded(rounded_polynomial(x, rest...), x) + V(c0);
}

/// Whole numbers below 2^51 in magnitude have their low bits in the mantissa of this plus them.
inline constexpr double whole_number = 0x1.8p52;

/// y * 2^n for a whole n and abs(y) in [0.5, 2^40]; n below -2000 gives 0. The first factor is exact, so the result
/// is rounded once, if at all.
template <class V> XACT_INLINE inline V times_power(const V &y, const V &n) noexcept {
  const auto power_of_two = [](const V &m) noexcept {
    return as_float(integer_t<V>(as_integer(V(m + V(whole_number + 1023.0))) << 52));
  };
  const V all = at_least(n, V(-2000.0));
  const V first = (rounded(all, V(0.5)) + V(whole_number)) - V(whole_number);
  return rounded(rounded(y, power_of_two(first)), power_of_two(V(all - first)));
}

/// e^x for every x but +inf; NaN stays NaN, -inf has an exponent of -inf. A function of x alone with the same bits on
/// every ISA, and its exponent never falls as x grows.
/// The relative error, up to a factor that all x near each other share and that softmax divides out, is below 2^-52:
/// abs(r) <= ln2/2, and the first two products are exact, since their constants have 21 bits. Beyond 2^31, where floats
/// lie at least 256 apart, only the order counts; doubles there get a power near e^x.
template <class V> XACT_INLINE inline power<V> exp_power(const V &x) noexcept {
  const V limit(0x1p31);
  const V nearby = at_most(at_least(x, V(-0x1p31)), limit);
  const V n = (rounded(nearby, V(0x1.71547652b82fep0)) + V(whole_number)) - V(whole_number);
  const V high = (nearby - n * V(0x1.62e42p-1)) - n * V(0x1.fdf47p-22);
  const V r = high - rounded(n, V(0x1.ef35793c7673p-45));
  const V p = rounded_polynomial(r, 1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
                                 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800);
  const auto beyond = limit < abs(x);
  return {select(beyond, V(1.0), p), select(beyond, V(x + mul_sign(limit, x)), n)};
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
