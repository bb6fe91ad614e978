#pragma once

/// @file
/// What <algorithm> and <limits> have, in xact's own namespace: without inlining, two files compiled with different -m
/// flags would share the standard library's copies, which then use the newer file's instructions.

#include <xact/detail/arch.hpp>

#include <cstddef>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class T> inline constexpr T infinity_of = T(__builtin_inf());
template <class T> inline constexpr T nan_of = T(__builtin_nan(""));

template <class T> constexpr void fill_n(T *to, std::size_t n, T value) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = value;
  }
}

template <class T, class U> constexpr void copy_n(const T *from, std::size_t n, U *to) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = from[i];
  }
}

/// The largest of n > 0 numbers, none of them NaN.
template <class T> constexpr T largest_of(const T *from, std::size_t n) noexcept {
  T largest = from[0];
  for (std::size_t i = 1; i < n; ++i) {
    largest = from[i] < largest ? largest : from[i];
  }
  return largest;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
