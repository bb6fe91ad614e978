#pragma once
// A true value in double-double with a bound on its error, and what a candidate is worth beside it.

#include "double_double.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

namespace reference {

struct truth {
  dd value;
  double error; // absolute; the real number lies within value +- error
};

/// A value that carries its relative error.
[[gnu::always_inline]] inline truth within(dd value, double relative) { return {value, std::abs(value.hi) * relative}; }

/// The next T after x, away from zero (+1) or towards it (-1).
template <class T> [[gnu::always_inline]] inline T neighbour(T x, int step) {
  using bits = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  return std::bit_cast<T>(static_cast<bits>(std::bit_cast<bits>(x) + step));
}

/// The spacing of T at the true value: of the binade below, where the value is a power of two less a little.
template <class T> [[gnu::always_inline]] inline double spacing(dd value) {
  constexpr int digits = std::numeric_limits<T>::digits;
  const bool less = value.lo != 0 && std::signbit(value.lo) != std::signbit(value.hi);
  const double magnitude =
      std::max<double>(std::abs(less ? neighbour(value.hi, -1) : value.hi), std::numeric_limits<T>::min());
  const auto exponent = static_cast<int>(std::bit_cast<std::uint64_t>(magnitude) >> 52) - 1023 - (digits - 1);
  if constexpr (sizeof(T) == sizeof(double))
    return std::ldexp(1.0, exponent); // may be subnormal
  return power_of_two(exponent);
}

/// (candidate - true value) in units of the spacing of T at the true value.
template <class T> [[gnu::always_inline]] inline double ulps(T candidate, const truth &t) {
  return ((candidate - t.value.hi) - t.value.lo) / spacing<T>(t.value);
}

template <class T> struct nearest_result {
  T value;
  bool decided; // false where the error bound reaches across the middle between two neighbours
};

/// The true value rounded to nearest, ties to even. Only a tie in hi needs lo: elsewhere both lie on one side of the
/// middle, because rounding to hi is monotone.
template <class T> inline nearest_result<T> nearest(const truth &t) {
  static_assert(sizeof(T) < sizeof(double), "hi alone must decide but for ties");
  const auto [hi, lo] = t.value;
  const T rounded = static_cast<T>(hi);
  // The two neighbours that hold the value between them, and which side of their middle it lies.
  const bool outwards = std::abs(hi) > std::abs(static_cast<double>(rounded));
  const T inner = std::copysign(outwards || rounded == 0 ? rounded : neighbour(rounded, -1), static_cast<T>(hi));
  const T outer = neighbour(inner, +1);
  const double middle = (static_cast<double>(inner) + static_cast<double>(outer)) / 2;
  const double beyond = (hi - middle) + lo;
  const bool decided = std::abs(beyond) > t.error || t.error == 0;
  if (hi != middle || lo == 0)
    return {rounded, decided};
  return {(beyond > 0) == (hi > 0) ? outer : inner, decided};
}

} // namespace reference
