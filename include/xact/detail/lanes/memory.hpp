#pragma once

/// @file
/// Elements fewer than a register's lanes.

#include <xact/detail/types/freestanding.hpp>
#include <xact/transform.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// n elements as lanes, n below their number; -inf in the others.
template <class V, class E> XACT_INLINE inline V load_some(const E *from, std::size_t n) noexcept {
#if defined(__AVX512F__)
  if constexpr (requires(V x) { x.data = _mm512_loadu_ps(from); } && std::is_same_v<E, float>) {
    return V(_mm512_mask_loadu_ps(_mm512_set1_ps(-infinity_of<float>), static_cast<__mmask16>((1u << n) - 1), from));
  }
#endif
  scalar_t<V> padded[lane_traits<V>::size];
  for (std::size_t i = 0; i < lane_traits<V>::size; ++i) {
    padded[i] = i < n ? static_cast<scalar_t<V>>(from[i]) : -infinity_of<scalar_t<V>>;
  }
  return V::load_unaligned(padded);
}

/// The first n lanes as elements.
template <class V, class E> XACT_INLINE inline void store_some(const V &x, E *to, std::size_t n) noexcept {
#if defined(__AVX512F__)
  if constexpr (requires { _mm512_mask_storeu_ps(to, __mmask16(), x.data); } && std::is_same_v<E, float>) {
    _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << n) - 1), x.data);
    return;
  }
#endif
  E all[lane_traits<V>::size];
  store_lanes(x, all);
  copy_n(all, n, to);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
