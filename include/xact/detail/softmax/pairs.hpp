#pragma once

/// @file
/// Sums over two arrays in one fixed order, for gradients.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/softmax/part.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The sum of f(a[i], b[i], sum) in double, always in the same order: 32 sums over the elements 32 apart, whatever the
/// ISA. n elements are added to what `lane` holds.
template <class T, class F>
void add_pairs(double (&lane)[32], std::size_t n, const T *a, const T *b, const F &f) noexcept {
  using V = native<T>;
  constexpr std::size_t step = lane_traits<V>::size, count = 32 / step;
  using W = std::conditional_t<sizeof(T) == 8, V, wide_t<V>>;
  const auto wide = [](const V &x) XACT_INLINE {
    if constexpr (sizeof(T) == 8) {
      return x;
    } else {
      return to_double(x);
    }
  };
  const auto with_lanes = [&](W &s, double *at, bool load) XACT_INLINE {
    constexpr std::size_t part = lane_traits<native<double>>::size;
    if constexpr (requires { s.part; }) {
      for (auto &p : s.part) {
        load ? void(p = load_lanes<native<double>>(at)) : store_lanes(p, at);
        at += part;
      }
    } else {
      load ? void(s = load_lanes<W>(at)) : store_lanes(s, at);
    }
  };
  W sum[count];
  for (std::size_t k = 0; k < count; ++k) {
    with_lanes(sum[k], lane + k * step, true);
  }
  for (std::size_t i = 0; i < n; i += 32) {
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t at = i + k * step;
      if (at < n) {
        sum[k] = f(wide(load_part<V>(a + at, n - at)), wide(load_part<V>(b + at, n - at)), sum[k]);
      }
    }
  }
  for (std::size_t k = 0; k < count; ++k) {
    with_lanes(sum[k], lane + k * step, false);
  }
}
inline double sum_of_all(double (&lane)[32]) noexcept {
  for (std::size_t part = 16; part > 0; part /= 2) {
    for (std::size_t k = 0; k < part; ++k) {
      lane[k] += lane[k + part];
    }
  }
  return lane[0];
}

/// n elements as T, `hidden` where a byte is 0: in place, or in the buffer.
template <class T, class E>
const T *taken(const E *from, std::size_t n, const unsigned char *bytes, T hidden, T *buffer) noexcept {
  if constexpr (std::is_same_v<T, E>) {
    if (!bytes) {
      return from;
    }
  }
  using V = native<std::conditional_t<sizeof(E) == 8, double, float>>;
  for (std::size_t i = 0; i < n; i += lane_traits<V>::size) {
    const V x = load_part<V>(from + i, n - i);
    if constexpr (sizeof(T) == sizeof(scalar_t<V>)) {
      store_part(x, buffer + i, n - i);
    } else {
      for (std::size_t k = 0; k < lane_traits<V>::size && i + k < n; ++k) {
        buffer[i + k] = static_cast<T>(from[i + k]);
      }
    }
  }
  for (std::size_t i = 0; bytes && i < n; ++i) {
    buffer[i] = bytes[i] ? buffer[i] : hidden;
  }
  return buffer;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
