#pragma once

/// @file
/// Parts of <algorithm>, <limits> and <ranges> in xact's own namespace: without inlining, two files compiled with
/// different -m flags would share the standard library's copies, which then use the newer file's instructions.

#include <xact/detail/config.hpp>

#include <cstddef>
#include <ranges>
#include <type_traits>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class T> inline constexpr T infinity_of = T(__builtin_inf());
template <class T> inline constexpr T nan_of = T(__builtin_nan(""));

template <class T> constexpr void fill_n(T *to, std::size_t n, T value) noexcept {
  std::size_t done = 0;
  for (; done < n && (done < 64 / sizeof(T) || __builtin_is_constant_evaluated()); ++done) {
    to[done] = value;
  }
  while (done < n) { // from what is filled already: at -O2 g++ 12 leaves the loop above one element at a time
    std::size_t more = done < 4096 / sizeof(T) ? done : 4096 / sizeof(T);
    more = more < n - done ? more : n - done;
    __builtin_memcpy(to + done, to, more * sizeof(T));
    done += more;
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

/// std::ranges::data and size without their functions, which files of different flags would share.
template <std::ranges::contiguous_range R> XACT_INLINE constexpr auto data_of(R &range) noexcept {
  if constexpr (requires { range.data(); }) {
    return range.data();
  } else if constexpr (std::is_array_v<R>) {
    return &range[0];
  } else {
    return std::ranges::data(range);
  }
}
template <std::ranges::sized_range R> XACT_INLINE constexpr std::size_t size_of(R &range) noexcept {
  if constexpr (std::is_array_v<R>) {
    return std::extent_v<R>;
  } else if constexpr (requires { range.size(); }) {
    return static_cast<std::size_t>(range.size());
  } else {
    return static_cast<std::size_t>(std::ranges::size(range));
  }
}

/// Words as a constant.
template <std::size_t N> struct sentence {
  char text[N];

  consteval sentence(const char (&from)[N]) {
    for (std::size_t i = 0; i < N; ++i) {
      text[i] = from[i];
    }
  }
};

/// The sentence as a type; g++ prints it, in what it says of a deleted function.
template <sentence Words> struct refused_call;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
