#pragma once

/// @file
/// Ranges of 16- and 8-bit numbers as float lanes and back, correctly rounded, in registers: by the ISA's own
/// conversion where it is right, by integer operations where not (vcvtneps2bf16 flushes subnormals).

#include <xact/detail/lane.hpp>
#include <xact/detail/small_float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The format of an element type, `void` for float, double and everything else.
template <class E> struct format_of { using type = void; };
template <class Format> struct format_of<small_float<Format>> { using type = Format; };
template <class E>
requires std::is_same_v<E, native_float16> &&(!std::is_class_v<E>)struct format_of<E> {
  using type = format<std::uint16_t, 5, 10, true, native_float16>;
};
template <class E>
requires std::is_same_v<E, native_bfloat16> &&(!std::is_class_v<E>)struct format_of<E> {
  using type = format<std::uint16_t, 8, 7, true, native_bfloat16>;
};
template <class E> using format_t = typename format_of<std::remove_cv_t<E>>::type;
template <class E>
concept small_element = !std::is_void_v<format_t<E>>;

using half = format<std::uint16_t, 5, 10, true, native_float16>;
/// bfloat16: a float's upper half.
template <class Format> inline constexpr bool is_upper_half = Format::bias == 127;

// --- codes in memory to 32-bit lanes and back
// ---------------------------------------------------------------------------

#if defined(__AVX512F__)
[[gnu::always_inline]] inline void load_codes(const std::uint16_t *from, __m512i &to) noexcept {
  to = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(from)));
}
[[gnu::always_inline]] inline void load_codes(const std::uint8_t *from, __m512i &to) noexcept {
  to = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from)));
}
[[gnu::always_inline]] inline void store_codes(__m512i x, std::uint16_t *to) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i_u *>(to), _mm512_cvtepi32_epi16(x));
}
[[gnu::always_inline]] inline void store_codes(__m512i x, std::uint8_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to), _mm512_cvtepi32_epi8(x));
}
[[gnu::always_inline]] inline void store_upper(__m512i x, std::uint16_t *to) noexcept {
  store_codes(_mm512_srli_epi32(x, 16), to);
}
#if defined(__AVX512BW__)
[[gnu::always_inline]] inline void load_upper(const std::uint16_t *from, __m512i &to) noexcept {
  const __m512i codes = _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(from)));
  const __m512i each_twice = _mm512_set_epi32(0xf000f, 0xe000e, 0xd000d, 0xc000c, 0xb000b, 0xa000a, 0x90009, 0x80008,
                                              0x70007, 0x60006, 0x50005, 0x40004, 0x30003, 0x20002, 0x10001, 0);
  to = _mm512_maskz_permutexvar_epi16(0xaaaaaaaa, each_twice, codes);
}
#endif
[[gnu::always_inline]] inline void load_half(const std::uint16_t *from, __m512 &to) noexcept {
  to = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(from)));
  asm("" : "+v"(to)); // else clang compares the halves themselves, one by one: gelu took 1.65 ns an element, not 0.3
}
[[gnu::always_inline]] inline __m256i half_codes(__m512 x) noexcept {
  return _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT);
}
[[gnu::always_inline]] inline void store_half(__m256i codes, std::uint16_t *to) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i_u *>(to), codes);
}
[[gnu::always_inline]] inline bool same_half(__m256i a, __m256i b) noexcept {
  const __m256i difference = _mm256_xor_si256(a, b);
  return _mm256_testz_si256(difference, difference);
}
#endif
#if defined(__AVX2__)
[[gnu::always_inline]] inline void load_codes(const std::uint16_t *from, __m256i &to) noexcept {
  to = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from)));
}
[[gnu::always_inline]] inline void store_codes(__m256i x, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to),
                   _mm_packus_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
}
[[gnu::always_inline]] inline void store_upper(__m256i x, std::uint16_t *to) noexcept {
  store_codes(_mm256_srli_epi32(x, 16), to);
}
#elif defined(__AVX__)
[[gnu::always_inline]] inline void load_codes(const std::uint16_t *from, __m256i &to) noexcept {
  const __m128i codes = _mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from));
  to = _mm256_insertf128_si256(_mm256_castsi128_si256(_mm_unpacklo_epi16(codes, _mm_setzero_si128())),
                               _mm_unpackhi_epi16(codes, _mm_setzero_si128()), 1);
}
[[gnu::always_inline]] inline void store_codes(__m256i x, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to),
                   _mm_packus_epi32(_mm256_castsi256_si128(x), _mm256_extractf128_si256(x, 1)));
}
[[gnu::always_inline]] inline void store_upper(__m256i x, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to),
                   _mm_packus_epi32(_mm_srli_epi32(_mm256_castsi256_si128(x), 16),
                                    _mm_srli_epi32(_mm256_extractf128_si256(x, 1), 16)));
}
#endif
#if defined(__F16C__)
[[gnu::always_inline]] inline void load_half(const std::uint16_t *from, __m256 &to) noexcept {
  to = _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i_u *>(from)));
  asm("" : "+x"(to)); // as above
}
[[gnu::always_inline]] inline __m128i half_codes(__m256 x) noexcept {
  return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT);
}
[[gnu::always_inline]] inline void store_half(__m128i codes, std::uint16_t *to) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u *>(to), codes);
}
[[gnu::always_inline]] inline bool same_half(__m128i a, __m128i b) noexcept {
  const __m128i difference = _mm_xor_si128(a, b);
  return _mm_testz_si128(difference, difference);
}
#endif
#if defined(__SSE2__)
[[gnu::always_inline]] inline void load_codes(const std::uint16_t *from, __m128i &to) noexcept {
  to = _mm_unpacklo_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i_u *>(from)), _mm_setzero_si128());
}
[[gnu::always_inline]] inline void store_upper(__m128i x, std::uint16_t *to) noexcept {
  const __m128i codes = _mm_srai_epi32(x, 16); // packs saturates what is not a signed 16-bit number
  _mm_storel_epi64(reinterpret_cast<__m128i_u *>(to), _mm_packs_epi32(codes, codes));
}
[[gnu::always_inline]] inline void store_codes(__m128i x, std::uint16_t *to) noexcept {
  store_upper(_mm_slli_epi32(x, 16), to);
}
#elif defined(__aarch64__)
[[gnu::always_inline]] inline void load_codes(const std::uint16_t *from, int32x4_t &to) noexcept {
  to = vreinterpretq_s32_u32(vmovl_u16(vld1_u16(from)));
}
[[gnu::always_inline]] inline void store_codes(int32x4_t x, std::uint16_t *to) noexcept {
  vst1_u16(to, vmovn_u32(vreinterpretq_u32_s32(x)));
}
[[gnu::always_inline]] inline void store_upper(int32x4_t x, std::uint16_t *to) noexcept {
  vst1_u16(to, vshrn_n_u32(vreinterpretq_u32_s32(x), 16));
}
[[gnu::always_inline]] inline void load_half(const std::uint16_t *from, float32x4_t &to) noexcept {
  to = vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(from)));
}
[[gnu::always_inline]] inline uint16x4_t half_codes(float32x4_t x) noexcept {
  return vreinterpret_u16_f16(vcvt_f16_f32(x));
}
[[gnu::always_inline]] inline void store_half(uint16x4_t codes, std::uint16_t *to) noexcept { vst1_u16(to, codes); }
[[gnu::always_inline]] inline bool same_half(uint16x4_t a, uint16x4_t b) noexcept {
  return vget_lane_u64(vreinterpret_u64_u16(veor_u16(a, b)), 0) == 0;
}
#endif

template <class I, class S> [[gnu::always_inline]] inline I lanes_of_codes(const S *from) noexcept {
  if constexpr (std::is_arithmetic_v<I>) {
    return *from;
  } else if constexpr (I r; requires { load_codes(from, r.data); }) {
    load_codes(from, r.data);
    return r;
  } else {
    std::int32_t wide[I::size];
    for (std::size_t i = 0; i < I::size; ++i) {
      wide[i] = from[i];
    }
    return I::load_unaligned(wide);
  }
}

template <class I, class S> [[gnu::always_inline]] inline void codes_of_lanes(const I &x, S *to) noexcept {
  if constexpr (std::is_arithmetic_v<I>) {
    *to = static_cast<S>(x);
  } else if constexpr (requires { store_codes(x.data, to); }) {
    store_codes(x.data, to);
  } else {
    std::int32_t wide[I::size];
    x.store_unaligned(wide);
    for (std::size_t i = 0; i < I::size; ++i) {
      to[i] = static_cast<S>(wide[i]);
    }
  }
}

/// The upper halves of 32-bit lanes from memory; the lower are 0.
template <class I> [[gnu::always_inline]] inline I lanes_of_upper(const std::uint16_t *from) noexcept {
  if constexpr (I r; requires { load_upper(from, r.data); }) {
    load_upper(from, r.data);
    return r;
  } else {
    return lanes_of_codes<I>(from) << 16;
  }
}

template <class I> [[gnu::always_inline]] inline void upper_of_lanes(const I &x, std::uint16_t *to) noexcept {
  if constexpr (requires { store_upper(x.data, to); }) {
    store_upper(x.data, to);
  } else {
    codes_of_lanes(I(x >> 16), to);
  }
}

// --- codes to numbers and back, by integer operations
// ------------------------------------------------------------------

/// 2^e as float bits.
constexpr std::int32_t power_bits(int e) noexcept { return (e + 127) << 23; }

template <class Format, class V> [[gnu::always_inline]] inline V decode_lanes(const integer_t<V> &code) noexcept {
  using I = integer_t<V>;
  constexpr int m = Format::mantissa_bits;
  const I magnitude = code & I(static_cast<std::int32_t>(Format::sign - 1));
  const I sign = (code ^ magnitude) << (31 - Format::exponent_bits - m);
  // A subnormal is a multiple of the last bit of `unit`: no float subnormal on the way that DAZ would flush.
  constexpr std::int32_t unit = power_bits(24 - Format::bias - m);
  const V subnormal = as_float(I(magnitude | I(unit))) - as_float(I(unit));
  const I normal = (magnitude << (23 - m)) + I((127 - Format::bias) << 23);
  const I special = (magnitude << (23 - m)) | I(0x7f800000);
  I bits = blend(magnitude < I(1 << m), as_integer(subnormal), normal);
  bits = blend(magnitude >= I(static_cast<std::int32_t>(Format::overflow)), special, bits);
  return as_float(I(bits | sign));
}

template <class Format, class V> [[gnu::always_inline]] inline integer_t<V> encode_lanes(const V &x) noexcept {
  using I = integer_t<V>;
  constexpr int m = Format::mantissa_bits;
  constexpr int dropped = 23 - m;
  const I bits = as_integer(x);
  const I nan(static_cast<std::int32_t>(Format::nan));
  const I magnitude = bits & I(0x7fffffff);
  const I odd = (magnitude >> dropped) & I(1);
  I code = ((magnitude + I((1 << (dropped - 1)) - 1) + odd) >> dropped) - I((127 - Format::bias) << m);
  constexpr std::int32_t unit = power_bits(24 - Format::bias - m);
  const I subnormal = as_integer(V(as_float(magnitude) + as_float(I(unit)))) - I(unit);
  code = blend(magnitude < I(power_bits(1 - Format::bias)), subnormal, code);
  const I overflow(static_cast<std::int32_t>(Format::overflow));
  code = blend(code < overflow, code, overflow);
  code = blend(I(0x7f800000) < magnitude, nan, code);
  return code | ((bits >> (31 - Format::exponent_bits - m)) & I(static_cast<std::int32_t>(Format::sign)));
}

/// x rounded to the nearest float whose lower half is 0, ties to even; the lower half is to be dropped.
template <class V> [[gnu::always_inline]] inline integer_t<V> round_to_upper(const V &x) noexcept {
  using I = integer_t<V>;
  const I bits = as_integer(x);
  const I rounded = bits + I(0x7fff) + ((bits >> 16) & I(1));
  return blend(I(0x7f800000) < (bits & I(0x7fffffff)), I(bits | I(0x400000)), rounded);
}

// --- both steps
// ---------------------------------------------------------------------------------------------------------

template <class V, small_element E> [[gnu::always_inline]] inline V load_small(const E *from) noexcept {
  using Format = format_t<E>;
  using S = typename Format::storage;
  const auto *codes = reinterpret_cast<const S *>(from);
  if constexpr (V r; std::is_same_v<Format, half> && requires { load_half(codes, r.data); }) {
    load_half(codes, r.data);
    return r;
  } else if constexpr (is_upper_half<Format>) {
    return as_float(lanes_of_upper<integer_t<V>>(codes));
  } else {
    return decode_lanes<Format, V>(lanes_of_codes<integer_t<V>>(codes));
  }
}

/// Lanes rounded to a format: 16-bit codes where the ISA makes them itself, else 32-bit lanes of codes, of bfloat16 in
/// their upper halves.
template <class Format, class V> struct encoded {
  static constexpr bool by_isa = false;
  integer_t<V> codes;
};
template <class V>
requires requires(const V &x) { half_codes(x.data); }
struct encoded<half, V> {
  static constexpr bool by_isa = true;
  decltype(half_codes(V().data)) codes;
};

/// Correctly rounded, ties to even.
template <class Format, class V> [[gnu::always_inline]] inline encoded<Format, V> encode(const V &x) noexcept {
  if constexpr (encoded<Format, V>::by_isa) {
    return {half_codes(x.data)};
  } else if constexpr (is_upper_half<Format>) {
    return {round_to_upper(x)};
  } else {
    return {encode_lanes<Format>(x)};
  }
}

template <class Format, class V>
[[gnu::always_inline]] inline bool same_codes(const encoded<Format, V> &a, const encoded<Format, V> &b) noexcept {
  if constexpr (encoded<Format, V>::by_isa) {
    return same_half(a.codes, b.codes);
  } else {
    return !any_lane(a.codes != b.codes);
  }
}

template <class Format, class V, small_element E>
[[gnu::always_inline]] inline void store_lanes(const encoded<Format, V> &x, E *to) noexcept {
  auto *codes = reinterpret_cast<typename Format::storage *>(to);
  if constexpr (encoded<Format, V>::by_isa) {
    store_half(x.codes, codes);
  } else if constexpr (is_upper_half<Format>) {
    upper_of_lanes(x.codes, codes);
  } else {
    codes_of_lanes(x.codes, codes);
  }
}

template <class Format, class V, std::size_t N, small_element E>
[[gnu::always_inline]] inline void store_lanes(const pack<encoded<Format, V>, N> &x, E *to) noexcept {
  each_index<N>([&](auto i) __attribute__((always_inline)) { store_lanes(x.part[i], to + i * lane_traits<V>::size); });
}

/// Two registers of bfloat16 at once: first the lanes of one parity, then of the other. Kernels treat all lanes alike,
/// and five operations a pair instead of eight are a tenth of silu and gelu with AVX2.
template <class V, small_element E> [[gnu::always_inline]] inline pack<V, 2> load_by_parity(const E *from) noexcept {
  using I = integer_t<V>;
  using Codes = typename lane_traits<V>::template rebind<std::uint16_t>;
  const auto *codes = reinterpret_cast<const std::uint16_t *>(from);
  const I both = xsimd::bitwise_cast<std::int32_t>(Codes::load_unaligned(codes));
  pack<V, 2> x;
  x.part[0] = as_float(I(both << 16));
  x.part[1] = as_float(I(both & I(-0x10000)));
  return x;
}
template <class Format, class V, small_element E>
[[gnu::always_inline]] inline void store_by_parity(const encoded<Format, V> &x, const encoded<Format, V> &y,
                                                   E *to) noexcept {
  using U = typename lane_traits<V>::template rebind<std::uint32_t>;
  const U low = xsimd::bitwise_cast<std::uint32_t>(x.codes) >> 16;
  const U high = xsimd::bitwise_cast<std::uint32_t>(y.codes) & U(0xffff0000);
  xsimd::bitwise_cast<std::uint16_t>(U(low | high)).store_unaligned(reinterpret_cast<std::uint16_t *>(to));
}

template <class V, small_element E> [[gnu::always_inline]] inline void store_small(const V &x, E *to) noexcept {
  store_lanes(encode<format_t<E>>(x), to);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
