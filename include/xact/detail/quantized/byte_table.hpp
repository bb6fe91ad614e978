#pragma once

/// @file
/// out[i] = table[in[i]] on bytes, in registers where the ISA can.

#include <xact/detail/lanes/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// A run of bytes through 256 entries; `step` says how many at once.
#if defined(__AVX512VBMI__)
struct byte_lookup {
  static constexpr std::size_t step = 64;
  __m512i rows[4];

  XACT_INLINE explicit byte_lookup(const std::uint8_t *table) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      rows[i] = _mm512_loadu_si512(table + 64 * i);
    }
  }
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const __m512i x = _mm512_loadu_si512(in);
    const __m512i low = _mm512_permutex2var_epi8(rows[0], x, rows[1]);
    const __m512i high = _mm512_permutex2var_epi8(rows[2], x, rows[3]);
    _mm512_storeu_si512(out, _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), low, high));
  }
};
#elif defined(__AVX512BW__)
// By words, for want of vpermi2b: each is two entries, of which the byte's last bit chooses one. Even bytes, odd bytes.
struct byte_lookup {
  static constexpr std::size_t step = 64;
  __m512i rows[4];

  XACT_INLINE explicit byte_lookup(const std::uint8_t *table) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      rows[i] = _mm512_loadu_si512(table + 64 * i);
    }
  }
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const __m512i x = _mm512_loadu_si512(in);
    const __m512i odd = _mm512_srli_epi16(x, 8);
    const __m512i one = _mm512_set1_epi16(1);
    const __m512i y = pairs(x);
    const __m512i z = pairs(odd);
    const __m512i low = _mm512_mask_srli_epi16(y, _mm512_test_epi16_mask(x, one), y, 8);
    const __m512i high = _mm512_mask_slli_epi16(z, _mm512_testn_epi16_mask(odd, one), z, 8);
    _mm512_storeu_si512(out, _mm512_mask_blend_epi8(0xaaaaaaaaaaaaaaaa, low, high));
  }

private:
  /// The two entries that each word's lower byte lies among.
  XACT_INLINE __m512i pairs(__m512i x) const noexcept {
    const __m512i index = _mm512_srli_epi16(x, 1);
    const __m512i low = _mm512_permutex2var_epi16(rows[0], index, rows[1]);
    const __m512i high = _mm512_permutex2var_epi16(rows[2], index, rows[3]);
    return _mm512_mask_blend_epi16(_mm512_test_epi16_mask(x, _mm512_set1_epi16(128)), low, high);
  }
};
#elif defined(__AVX2__)
// 16 rows of 16 entries. pshufb gives 0 for an index with its top bit set, and x less 16 per row has it from the row
// after x's on: the exclusive or of the differences of the rows before is x's row. Half the price of loads.
struct byte_lookup {
  static constexpr std::size_t step = 32;
  __m256i rows[16]; // of each half: the first, then each with the one before

  XACT_INLINE explicit byte_lookup(const std::uint8_t *table) noexcept {
    __m256i before = _mm256_setzero_si256();
    for (std::size_t i = 0; i < 16; ++i) {
      const auto *row = reinterpret_cast<const __m128i_u *>(table + 16 * i);
      const __m256i now = _mm256_broadcastsi128_si256(_mm_loadu_si128(row));
      rows[i] = i == 8 ? now : _mm256_xor_si256(now, before);
      before = now;
    }
  }
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const __m256i sixteen = _mm256_set1_epi8(16);
    __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(in));
    __m256i upper = _mm256_xor_si256(x, _mm256_set1_epi8(-128));
    __m256i y = _mm256_xor_si256(_mm256_shuffle_epi8(rows[0], x), _mm256_shuffle_epi8(rows[8], upper));
    for (std::size_t i = 1; i < 8; ++i) {
      x = _mm256_subs_epi8(x, sixteen); // saturated: what is below stays below
      upper = _mm256_subs_epi8(upper, sixteen);
      y = _mm256_xor_si256(y, _mm256_shuffle_epi8(rows[i], x));
      y = _mm256_xor_si256(y, _mm256_shuffle_epi8(rows[8 + i], upper));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i_u *>(out), y);
  }
};
#elif defined(__aarch64__)
struct byte_lookup {
  static constexpr std::size_t step = 16;
  uint8x16x4_t rows[4];

  XACT_INLINE explicit byte_lookup(const std::uint8_t *table) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      rows[i] = vld1q_u8_x4(table + 64 * i);
    }
  }
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    const uint8x16_t x = vld1q_u8(in);
    uint8x16_t y = vqtbl4q_u8(rows[0], x); // an index out of range gives 0, or leaves y as it is
    y = vqtbx4q_u8(y, rows[1], vsubq_u8(x, vdupq_n_u8(64)));
    y = vqtbx4q_u8(y, rows[2], vsubq_u8(x, vdupq_n_u8(128)));
    vst1q_u8(out, vqtbx4q_u8(y, rows[3], vsubq_u8(x, vdupq_n_u8(192))));
  }
};
#else
// Loads from a table that sits in L1; sixteen pshufb of 16 bytes are no faster.
struct byte_lookup {
  static constexpr std::size_t step = 8;
  const std::uint8_t *table;

  XACT_INLINE explicit byte_lookup(const std::uint8_t *entries) noexcept : table(entries) {}
  XACT_INLINE void operator()(const std::uint8_t *in, std::uint8_t *out) const noexcept {
    std::uint8_t y[step]; // all read before any is written, for work in place
    for (std::size_t i = 0; i < step; ++i) {
      y[i] = table[in[i]];
    }
    std::memcpy(out, y, step);
  }
};
#endif

/// The whole array through `Lookup`. Of an end that is no whole step, the array's last bytes as one: looked up before
/// anything is stored, for work in place.
template <class Lookup>
inline void map_bytes(const std::uint8_t *table, const std::uint8_t *in, std::uint8_t *out, std::size_t n) noexcept {
  constexpr std::size_t step = Lookup::step;
  const Lookup lookup(table);
  const bool is_whole = n % step == 0;
  std::uint8_t last[step];
  if (!is_whole && n < step) {
    load_block(in, n, last);
    lookup(last, last);
    return store_block(last, n, out);
  }
  if (!is_whole) {
    lookup(in + (n - step), last);
  }
  for (std::size_t i = 0; n - i >= step; i += step) {
    lookup(in + i, out + i);
  }
  if (!is_whole) {
    std::memcpy(out + (n - step), last, step);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
