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
  return ((static_cast<double>(candidate) - t.value.hi) - t.value.lo) / spacing<T>(t.value);
}

/// A binary format: `digits` of significand, the smallest normal number 2^(min_exponent - 1), as numeric_limits has it.
struct binary_format {
  int digits;
  int min_exponent;
};

struct rounded {
  double value;
  bool decided; // false where the error bound reaches across the middle between two neighbours
};

/// The true value rounded to nearest, ties to even, for any format narrower than double; not yet limited to its largest
/// number. Only a tie in hi needs lo: elsewhere both lie on one side of the middle, because rounding to hi is monotone.
inline rounded nearest(const truth &t, binary_format format) {
  const auto [hi, lo] = t.value;
  const auto exponent = static_cast<int>(std::bit_cast<std::uint64_t>(hi) >> 52 & 0x7ff) - 1022;
  const double unit = power_of_two(std::max(exponent, format.min_exponent) - format.digits);
  constexpr double to_integer = 0x1.8p52;
  const double quotient = hi / unit;
  const double even = (quotient + to_integer) - to_integer;
  const double middle = even + std::copysign(0.5, quotient - even);
  const double beyond = (quotient - middle) + lo / unit;
  const bool over = quotient == middle && beyond != 0 && std::signbit(beyond) == std::signbit(quotient - even);
  const double result = over ? even + std::copysign(1, quotient - even) : even;
  return {std::copysign(result * unit, hi), std::abs(beyond) * unit > t.error || t.error == 0};
}

template <class T> struct nearest_result {
  T value;
  bool decided;
};

template <class T> inline nearest_result<T> nearest(const truth &t) {
  using limits = std::numeric_limits<T>;
  const auto [value, decided] = nearest(t, {limits::digits, limits::min_exponent});
  return {static_cast<T>(value), decided};
}

} // namespace reference
