#pragma once

/// @file
/// Lanes from memory and back: whole registers, and elements fewer than a register's lanes.

#include <xact/detail/lanes/narrow.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class V, class E> XACT_INLINE inline V load_lanes(const E *from) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    return static_cast<V>(*from);
  } else if constexpr (narrow_element<E> && std::is_same_v<scalar_t<V>, float>) {
    return load_narrow<V>(from);
  } else if constexpr (narrow_element<E>) {
    double wide[V::size];
    for (std::size_t i = 0; i < V::size; ++i) {
      wide[i] = static_cast<double>(from[i]);
    }
    return V::load_unaligned(wide);
  } else {
    return V::load_unaligned(from);
  }
}

template <class V, class E> XACT_INLINE inline void store_lanes(const V &x, E *to) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    *to = static_cast<E>(x);
  } else if constexpr (narrow_element<E> && std::is_same_v<scalar_t<V>, float>) {
    store_narrow(x, to);
  } else if constexpr (narrow_element<E>) {
    double wide[V::size];
    x.store_unaligned(wide);
    for (std::size_t i = 0; i < V::size; ++i) {
      to[i] = static_cast<E>(wide[i]);
    }
  } else {
    x.store_unaligned(to);
  }
}

template <class V, std::size_t N, class E> XACT_INLINE inline void store_lanes(const pack<V, N> &x, E *to) noexcept {
  each_index<N>([&](auto k) XACT_INLINE { store_lanes(x.part[k], to + k * lane_traits<V>::size); });
}

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
