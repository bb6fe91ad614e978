#pragma once

/// @file
/// Registers at the ends of rows, which may not be full.

#include <xact/detail/lanes/memory.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Elements as lanes; where there are fewer, `rest` in the others.
template <class V, class E> XACT_INLINE inline V load_part(const E *from, std::size_t n, scalar_t<V> rest) noexcept {
  return n >= lane_traits<V>::size ? load_lanes<V>(from) : load_first<V>(from, n, rest);
}
template <class V, class E> XACT_INLINE inline V load_part(const E *from, std::size_t n) noexcept {
  return n >= lane_traits<V>::size ? load_lanes<V>(from) : load_first<V>(from, n);
}

/// The first n lanes, or all.
template <class V, class E> XACT_INLINE inline void store_part(const V &x, E *to, std::size_t n) noexcept {
  if (n >= lane_traits<V>::size) {
    store_lanes(x, to);
  } else {
    store_first(x, to, n);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
