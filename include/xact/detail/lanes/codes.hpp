#pragma once

/// @file
/// 16- and 8-bit codes in memory as 32-bit lanes and back: what each ISA has for it.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

#if defined(__AVX512F__)
XACT_INLINE inline void load_codes(const std::uint16_t *from, __m512i &to) noexcept {
  to = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(from)));
}
XACT_INLINE inline void load_codes(const std::uint8_t *from, __m512i &to) noexcept {
  to = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from)));
}
XACT_INLINE inline void store_codes(__m512i x, std::uint16_t *to) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i_u *>(to), _mm512_cvtepi32_epi16(x));
}
XACT_INLINE inline void store_codes(__m512i x, std::uint8_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to), _mm512_cvtepi32_epi8(x));
}
XACT_INLINE inline void store_upper(__m512i x, std::uint16_t *to) noexcept {
  store_codes(_mm512_srli_epi32(x, 16), to);
}
#if defined(__AVX512BW__)
XACT_INLINE inline void load_upper(const std::uint16_t *from, __m512i &to) noexcept {
  const __m512i codes = _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(from)));
  const __m512i each_twice = _mm512_set_epi32(0xf000f, 0xe000e, 0xd000d, 0xc000c, 0xb000b, 0xa000a, 0x90009, 0x80008,
                                              0x70007, 0x60006, 0x50005, 0x40004, 0x30003, 0x20002, 0x10001, 0);
  to = _mm512_maskz_permutexvar_epi16(0xaaaaaaaa, each_twice, codes);
}
#endif
XACT_INLINE inline void load_half(const std::uint16_t *from, __m512 &to) noexcept {
  to = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(from)));
  asm("" : "+v"(to)); // else clang compares the halves themselves, one by one: gelu took 1.65 ns an element, not 0.3
}
XACT_INLINE inline __m256i half_codes(__m512 x) noexcept { return _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }
XACT_INLINE inline void store_half(__m256i codes, std::uint16_t *to) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i_u *>(to), codes);
}
XACT_INLINE inline bool same_half(__m256i a, __m256i b) noexcept {
  const __m256i difference = _mm256_xor_si256(a, b);
  return _mm256_testz_si256(difference, difference);
}
#endif
#if defined(__AVX2__)
XACT_INLINE inline void load_codes(const std::uint16_t *from, __m256i &to) noexcept {
  to = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from)));
}
XACT_INLINE inline void load_codes(const std::uint8_t *from, __m256i &to) noexcept {
  to = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i_u *>(from)));
}
XACT_INLINE inline void store_codes(__m256i x, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to),
                   _mm_packus_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
}
XACT_INLINE inline void store_upper(__m256i x, std::uint16_t *to) noexcept {
  store_codes(_mm256_srli_epi32(x, 16), to);
}
#elif defined(__AVX__)
XACT_INLINE inline void load_codes(const std::uint16_t *from, __m256i &to) noexcept {
  const __m128i codes = _mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from));
  to = _mm256_insertf128_si256(_mm256_castsi128_si256(_mm_unpacklo_epi16(codes, _mm_setzero_si128())),
                               _mm_unpackhi_epi16(codes, _mm_setzero_si128()), 1);
}
XACT_INLINE inline void store_codes(__m256i x, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to),
                   _mm_packus_epi32(_mm256_castsi256_si128(x), _mm256_extractf128_si256(x, 1)));
}
XACT_INLINE inline void store_upper(__m256i x, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to),
                   _mm_packus_epi32(_mm_srli_epi32(_mm256_castsi256_si128(x), 16),
                                    _mm_srli_epi32(_mm256_extractf128_si256(x, 1), 16)));
}
#endif
#if defined(__F16C__)
XACT_INLINE inline void load_half(const std::uint16_t *from, __m256 &to) noexcept {
  to = _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from)));
  asm("" : "+x"(to)); // as above
}
XACT_INLINE inline __m128i half_codes(__m256 x) noexcept { return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }
XACT_INLINE inline void store_half(__m128i codes, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to), codes);
}
XACT_INLINE inline bool same_half(__m128i a, __m128i b) noexcept {
  const __m128i difference = _mm_xor_si128(a, b);
  return _mm_testz_si128(difference, difference);
}
#endif
#if defined(__SSE2__)
XACT_INLINE inline void load_codes(const std::uint16_t *from, __m128i &to) noexcept {
  to = _mm_unpacklo_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i_u *>(from)), _mm_setzero_si128());
}
XACT_INLINE inline void load_codes(const std::uint8_t *from, __m128i &to) noexcept {
  std::int32_t four;
  __builtin_memcpy(&four, from, sizeof four);
  const __m128i zero = _mm_setzero_si128();
  to = _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(four), zero), zero);
}
XACT_INLINE inline void store_upper(__m128i x, std::uint16_t *to) noexcept {
  const __m128i codes = _mm_srai_epi32(x, 16); // packs saturates what is not a signed 16-bit number
  _mm_storel_epi64(reinterpret_cast<__m128i_u *>(to), _mm_packs_epi32(codes, codes));
}
XACT_INLINE inline void store_codes(__m128i x, std::uint16_t *to) noexcept { store_upper(_mm_slli_epi32(x, 16), to); }
#elif defined(__aarch64__)
XACT_INLINE inline void load_codes(const std::uint16_t *from, int32x4_t &to) noexcept {
  to = vreinterpretq_s32_u32(vmovl_u16(vld1_u16(from)));
}
XACT_INLINE inline void store_codes(int32x4_t x, std::uint16_t *to) noexcept {
  vst1_u16(to, vmovn_u32(vreinterpretq_u32_s32(x)));
}
XACT_INLINE inline void store_upper(int32x4_t x, std::uint16_t *to) noexcept {
  vst1_u16(to, vshrn_n_u32(vreinterpretq_u32_s32(x), 16));
}
XACT_INLINE inline void load_half(const std::uint16_t *from, float32x4_t &to) noexcept {
  to = vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(from)));
}
XACT_INLINE inline uint16x4_t half_codes(float32x4_t x) noexcept { return vreinterpret_u16_f16(vcvt_f16_f32(x)); }
XACT_INLINE inline void store_half(uint16x4_t codes, std::uint16_t *to) noexcept { vst1_u16(to, codes); }
XACT_INLINE inline bool same_half(uint16x4_t a, uint16x4_t b) noexcept {
  return vget_lane_u64(vreinterpret_u64_u16(veor_u16(a, b)), 0) == 0;
}
#endif

template <class Int, class S> XACT_INLINE inline Int lanes_of_codes(const S *from) noexcept {
  if constexpr (std::is_arithmetic_v<Int>) {
    return *from;
  } else if constexpr (Int r; requires { load_codes(from, r.data); }) {
    load_codes(from, r.data);
    return r;
  } else {
    std::int32_t wide[Int::size];
    for (std::size_t i = 0; i < Int::size; ++i) {
      wide[i] = from[i];
    }
    return Int::load_unaligned(wide);
  }
}

template <class Int, class S> XACT_INLINE inline void codes_of_lanes(const Int &x, S *to) noexcept {
  if constexpr (std::is_arithmetic_v<Int>) {
    *to = static_cast<S>(x);
  } else if constexpr (requires { store_codes(x.data, to); }) {
    store_codes(x.data, to);
  } else {
    std::int32_t wide[Int::size];
    x.store_unaligned(wide);
    for (std::size_t i = 0; i < Int::size; ++i) {
      to[i] = static_cast<S>(wide[i]);
    }
  }
}

/// The upper halves of 32-bit lanes from memory; the lower are 0.
template <class Int> XACT_INLINE inline Int lanes_of_upper(const std::uint16_t *from) noexcept {
  if constexpr (Int r; requires { load_upper(from, r.data); }) {
    load_upper(from, r.data);
    return r;
  } else {
    return lanes_of_codes<Int>(from) << 16;
  }
}

template <class Int> XACT_INLINE inline void upper_of_lanes(const Int &x, std::uint16_t *to) noexcept {
  if constexpr (requires { store_upper(x.data, to); }) {
    store_upper(x.data, to);
  } else {
    codes_of_lanes(Int(x >> 16), to);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
