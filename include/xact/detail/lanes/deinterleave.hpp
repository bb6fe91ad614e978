#pragma once

/// @file
/// Pairs that lie interleaved in two batches, taken apart and put together again.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// a b are x0 y0 x1 y1 ...; they become x0 x1 ... and y0 y1 ...
#if defined(__AVX512F__)
XACT_INLINE inline void take_apart(__m512 &a, __m512 &b) noexcept {
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512 x = _mm512_permutex2var_ps(a, even, b);
  b = _mm512_permutex2var_ps(a, _mm512_add_epi32(even, _mm512_set1_epi32(1)), b);
  a = x;
}
#endif
#if defined(__AVX2__)
XACT_INLINE inline void take_apart(__m256 &a, __m256 &b) noexcept {
  const auto in_order = [](__m256 pairs) {
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(pairs), 0xd8));
  };
  const __m256 x = _mm256_shuffle_ps(a, b, 0x88);
  const __m256 y = _mm256_shuffle_ps(a, b, 0xdd);
  a = in_order(x);
  b = in_order(y);
}
#endif
#if defined(__SSE2__)
XACT_INLINE inline void take_apart(__m128 &a, __m128 &b) noexcept {
  const __m128 x = _mm_shuffle_ps(a, b, 0x88);
  b = _mm_shuffle_ps(a, b, 0xdd);
  a = x;
}
#elif defined(__aarch64__)
XACT_INLINE inline void take_apart(float32x4_t &a, float32x4_t &b) noexcept {
  const float32x4_t x = vuzp1q_f32(a, b);
  b = vuzp2q_f32(a, b);
  a = x;
}
#endif

template <class V> XACT_INLINE inline void deinterleave(V &a, V &b) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    // One pair: apart already.
  } else if constexpr (requires { take_apart(a.data, b.data); }) {
    take_apart(a.data, b.data);
  } else {
    constexpr std::size_t n = V::size;
    scalar_t<V> pairs[2 * n], apart[2 * n];
    a.store_unaligned(pairs);
    b.store_unaligned(pairs + n);
    for (std::size_t i = 0; i < n; ++i) {
      apart[i] = pairs[2 * i];
      apart[n + i] = pairs[2 * i + 1];
    }
    a = V::load_unaligned(apart);
    b = V::load_unaligned(apart + n);
  }
}

// x0 x1 ... and y0 y1 ... become x0 y0 x1 y1 ...
#if defined(__AVX512F__)
XACT_INLINE inline void put_together(__m512 &a, __m512 &b) noexcept {
  const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512 x = _mm512_permutex2var_ps(a, low, b);
  b = _mm512_permutex2var_ps(a, _mm512_add_epi32(low, _mm512_set1_epi32(8)), b);
  a = x;
}
#endif
#if defined(__AVX2__)
XACT_INLINE inline void put_together(__m256 &a, __m256 &b) noexcept {
  const __m256 x = _mm256_unpacklo_ps(a, b);
  const __m256 y = _mm256_unpackhi_ps(a, b);
  a = _mm256_permute2f128_ps(x, y, 0x20);
  b = _mm256_permute2f128_ps(x, y, 0x31);
}
#endif
#if defined(__SSE2__)
XACT_INLINE inline void put_together(__m128 &a, __m128 &b) noexcept {
  const __m128 x = _mm_unpacklo_ps(a, b);
  b = _mm_unpackhi_ps(a, b);
  a = x;
}
#elif defined(__aarch64__)
XACT_INLINE inline void put_together(float32x4_t &a, float32x4_t &b) noexcept {
  const float32x4_t x = vzip1q_f32(a, b);
  b = vzip2q_f32(a, b);
  a = x;
}
#endif

template <class V> XACT_INLINE inline void zip(V &a, V &b) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    // One pair: together already.
  } else if constexpr (requires { put_together(a.data, b.data); }) {
    put_together(a.data, b.data);
  } else {
    constexpr std::size_t n = V::size;
    scalar_t<V> pairs[2 * n], apart[2 * n];
    a.store_unaligned(apart);
    b.store_unaligned(apart + n);
    for (std::size_t i = 0; i < n; ++i) {
      pairs[2 * i] = apart[i];
      pairs[2 * i + 1] = apart[n + i];
    }
    a = V::load_unaligned(pairs);
    b = V::load_unaligned(pairs + n);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
