#pragma once

/// @file
/// Two 4-bit numbers a byte, each through a table of 16 entries, in registers where the ISA can.

#include <xact/detail/lanes/xsimd.hpp>

#include <cstddef>
#include <cstdint>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// Both halves of each byte through 16 entries.
#if defined(__AVX512BW__)
struct nibble_lookup {
  static constexpr std::size_t step = 64;
  __m512i row;

  XACT_INLINE explicit nibble_lookup(const std::uint8_t *table) noexcept
      : row(_mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(table)))) {}
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const __m512i mask = _mm512_set1_epi8(15);
    const __m512i x = _mm512_loadu_si512(in);
    const __m512i low = _mm512_shuffle_epi8(row, _mm512_and_si512(x, mask));
    const __m512i high = _mm512_shuffle_epi8(row, _mm512_and_si512(_mm512_srli_epi16(x, 4), mask));
    _mm512_storeu_si512(out, _mm512_or_si512(low, _mm512_slli_epi16(high, 4)));
  }
};
#elif defined(__AVX2__)
struct nibble_lookup {
  static constexpr std::size_t step = 32;
  __m256i row;

  XACT_INLINE explicit nibble_lookup(const std::uint8_t *table) noexcept
      : row(_mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(table)))) {}
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const __m256i mask = _mm256_set1_epi8(15);
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(in));
    const __m256i low = _mm256_shuffle_epi8(row, _mm256_and_si256(x, mask));
    const __m256i high = _mm256_shuffle_epi8(row, _mm256_and_si256(_mm256_srli_epi16(x, 4), mask));
    _mm256_storeu_si256(reinterpret_cast<__m256i_u *>(out), _mm256_or_si256(low, _mm256_slli_epi16(high, 4)));
  }
};
#elif defined(__SSSE3__)
struct nibble_lookup {
  static constexpr std::size_t step = 16;
  __m128i row;

  XACT_INLINE explicit nibble_lookup(const std::uint8_t *table) noexcept
      : row(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(table))) {}
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const __m128i mask = _mm_set1_epi8(15);
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i_u *>(in));
    const __m128i low = _mm_shuffle_epi8(row, _mm_and_si128(x, mask));
    const __m128i high = _mm_shuffle_epi8(row, _mm_and_si128(_mm_srli_epi16(x, 4), mask));
    _mm_storeu_si128(reinterpret_cast<__m128i_u *>(out), _mm_or_si128(low, _mm_slli_epi16(high, 4)));
  }
};
#elif defined(__aarch64__)
struct nibble_lookup {
  static constexpr std::size_t step = 16;
  uint8x16_t row;

  XACT_INLINE explicit nibble_lookup(const std::uint8_t *table) noexcept : row(vld1q_u8(table)) {}
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const uint8x16_t x = vld1q_u8(in);
    const uint8x16_t low = vqtbl1q_u8(row, vandq_u8(x, vdupq_n_u8(15)));
    vst1q_u8(out, vorrq_u8(low, vshlq_n_u8(vqtbl1q_u8(row, vshrq_n_u8(x, 4)), 4)));
  }
};
#else
struct nibble_lookup {
  static constexpr std::size_t step = 1;
  const std::uint8_t *table;

  XACT_INLINE explicit nibble_lookup(const std::uint8_t *entries) noexcept : table(entries) {}
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    *out = static_cast<std::uint8_t>(table[*in & 15] | table[*in >> 4] << 4);
  }
};
#endif

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
