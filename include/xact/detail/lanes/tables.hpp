#pragma once

/// @file
/// Small tables in registers: the one place that knows which ISA can permute a register by another.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// N values, N a power of two.
template <class T, std::size_t N> struct alignas(N * sizeof(T) < 64 ? N * sizeof(T) : 64) table {
  T entry[N];
};

/// 8 doubles: whole, and in halves for registers that permute floats only.
struct table_of_doubles {
  table<double, 8> whole;
  table<std::int32_t, 8> low, high;

  constexpr explicit table_of_doubles(const table<double, 8> &t) : whole(t), low(), high() {
    for (std::size_t i = 0; i < 8; ++i) {
      const auto bits = __builtin_bit_cast(std::int64_t, t.entry[i]);
      low.entry[i] = static_cast<std::int32_t>(bits);
      high.entry[i] = static_cast<std::int32_t>(bits >> 32);
    }
  }
};

/// The most entries for which `lookup` is one instruction, for doubles with AVX2 five for two registers (0: none, it
/// goes through memory).
template <class V> inline constexpr std::size_t cheap_table = 0;
template <class V, std::size_t N> inline constexpr std::size_t cheap_table<pack<V, N>> = cheap_table<V>;

// table_lookup(t, index, y): y = t.entry[index mod N], for the registers that can.
#if defined(__AVX512F__)
template <class A>
  requires std::is_base_of_v<xsimd::avx512f, A>
inline constexpr std::size_t cheap_table<xsimd::batch<float, A>> = 32;
template <class A>
  requires std::is_base_of_v<xsimd::avx512f, A>
inline constexpr std::size_t cheap_table<xsimd::batch<double, A>> = 8;
XACT_INLINE inline void table_lookup(const table_of_doubles &t, __m512i index, __m512d &y) noexcept {
  y = _mm512_permutexvar_pd(index, _mm512_load_pd(t.whole.entry));
}
XACT_INLINE inline void table_lookup(const table<float, 8> &t, __m512i index, __m512 &y) noexcept {
  const __m256d entries = _mm256_castps_pd(_mm256_load_ps(t.entry));
  y = _mm512_permutexvar_ps(index, _mm512_castpd_ps(_mm512_broadcast_f64x4(entries)));
}
XACT_INLINE inline void table_lookup(const table<float, 16> &t, __m512i index, __m512 &y) noexcept {
  y = _mm512_permutexvar_ps(index, _mm512_load_ps(t.entry));
}
XACT_INLINE inline void table_lookup(const table<float, 32> &t, __m512i index, __m512 &y) noexcept {
  y = _mm512_permutex2var_ps(_mm512_load_ps(t.entry), index, _mm512_load_ps(t.entry + 16));
}
#endif
#if defined(__AVX2__)
template <class A>
  requires std::is_base_of_v<xsimd::avx2, A>
inline constexpr std::size_t cheap_table<xsimd::batch<float, A>> = 8;
template <class A, std::size_t N>
  requires std::is_base_of_v<xsimd::avx2, A>
inline constexpr std::size_t cheap_table<pack<xsimd::batch<double, A>, N>> = N % 2 == 0 ? 8 : 0;
// Of two registers together: the low halves of both indices, side by side, look up low and high halves of the entries.
XACT_INLINE inline void table_lookup(const table_of_doubles &t, __m256i index0, __m256i index1, __m256d &y0,
                                     __m256d &y1) noexcept {
  const __m256i index = _mm256_castps_si256(
      _mm256_shuffle_ps(_mm256_castsi256_ps(index0), _mm256_castsi256_ps(index1), _MM_SHUFFLE(2, 0, 2, 0)));
  const auto of = [&](const table<std::int32_t, 8> &entries) XACT_INLINE {
    return _mm256_permutevar8x32_epi32(_mm256_load_si256(reinterpret_cast<const __m256i *>(entries.entry)), index);
  };
  const __m256i low = of(t.low), high = of(t.high);
  y0 = _mm256_castsi256_pd(_mm256_unpacklo_epi32(low, high));
  y1 = _mm256_castsi256_pd(_mm256_unpackhi_epi32(low, high));
}
XACT_INLINE inline void table_lookup(const table<float, 8> &t, __m256i index, __m256 &y) noexcept {
  y = _mm256_permutevar8x32_ps(_mm256_load_ps(t.entry), index);
}
XACT_INLINE inline void table_lookup(const table<float, 16> &t, __m256i index, __m256 &y) noexcept {
  const __m256 lo = _mm256_permutevar8x32_ps(_mm256_load_ps(t.entry), index);
  const __m256 hi = _mm256_permutevar8x32_ps(_mm256_load_ps(t.entry + 8), index);
  y = _mm256_blendv_ps(lo, hi, _mm256_castsi256_ps(_mm256_slli_epi32(index, 28)));
}
XACT_INLINE inline void table_lookup(const table<float, 32> &t, __m256i index, __m256 &y) noexcept {
  const __m256i bits = _mm256_slli_epi32(index, 28);
  const auto of_16 = [&](const float *entry) XACT_INLINE {
    const __m256 lo = _mm256_permutevar8x32_ps(_mm256_load_ps(entry), index);
    const __m256 hi = _mm256_permutevar8x32_ps(_mm256_load_ps(entry + 8), index);
    return _mm256_blendv_ps(lo, hi, _mm256_castsi256_ps(bits));
  };
  y = _mm256_blendv_ps(of_16(t.entry), of_16(t.entry + 16), _mm256_castsi256_ps(_mm256_slli_epi32(index, 27)));
}
#endif
#if defined(__aarch64__) && defined(__ARM_NEON)
// Bytes 4*index to 4*index + 3 of 32 or 64.
XACT_INLINE inline uint8x16_t bytes_of(int32x4_t index, std::int32_t mask) noexcept {
  const int32x4_t masked = vandq_s32(index, vdupq_n_s32(mask));
  return vreinterpretq_u8_s32(vmlaq_n_s32(vdupq_n_s32(0x03020100), masked, 0x04040404));
}
XACT_INLINE inline void table_lookup(const table<float, 8> &t, int32x4_t index, float32x4_t &y) noexcept {
  const uint8x16x2_t bytes = {{vreinterpretq_u8_f32(vld1q_f32(t.entry)), vreinterpretq_u8_f32(vld1q_f32(t.entry + 4))}};
  y = vreinterpretq_f32_u8(vqtbl2q_u8(bytes, bytes_of(index, 7)));
}
XACT_INLINE inline void table_lookup(const table<float, 16> &t, int32x4_t index, float32x4_t &y) noexcept {
  const uint8x16x4_t bytes = {{vreinterpretq_u8_f32(vld1q_f32(t.entry)), vreinterpretq_u8_f32(vld1q_f32(t.entry + 4)),
                               vreinterpretq_u8_f32(vld1q_f32(t.entry + 8)),
                               vreinterpretq_u8_f32(vld1q_f32(t.entry + 12))}};
  y = vreinterpretq_f32_u8(vqtbl4q_u8(bytes, bytes_of(index, 15)));
}
#endif

/// t.entry[index mod N], lane by lane: any index will do.
template <std::size_t N, class T, class Int>
  requires std::is_integral_v<Int>
XACT_INLINE inline T lookup(const table<T, N> &t, Int index) noexcept {
  return t.entry[static_cast<std::size_t>(index) % N];
}
template <std::size_t N, class T, class Int, class A>
XACT_INLINE inline xsimd::batch<T, A> lookup(const table<T, N> &t, const xsimd::batch<Int, A> &index) noexcept {
  static_assert((N & (N - 1)) == 0 && sizeof(T) == sizeof(Int));
  using V = xsimd::batch<T, A>;
  if constexpr (requires(V y) { table_lookup(t, index.data, y.data); }) {
    V y;
    table_lookup(t, index.data, y.data);
    return y;
  } else {
    Int from[V::size];
    T to[V::size];
    index.store_unaligned(from);
    for (std::size_t i = 0; i < V::size; ++i) {
      to[i] = t.entry[static_cast<std::size_t>(from[i]) % N];
    }
    return V::load_unaligned(to);
  }
}
template <std::size_t N, class T, class Int, std::size_t K>
XACT_INLINE inline auto lookup(const table<T, N> &t, const pack<Int, K> &index) noexcept {
  return each([&t](const Int &i) XACT_INLINE { return lookup(t, i); }, index);
}

/// t.whole.entry[index mod 8], for lanes whose cheap_table is 8.
template <class A>
XACT_INLINE inline xsimd::batch<double, A> lookup(const table_of_doubles &t,
                                                  const xsimd::batch<std::int64_t, A> &index) noexcept {
  xsimd::batch<double, A> y;
  table_lookup(t, index.data, y.data);
  return y;
}
template <class A, std::size_t K>
XACT_INLINE inline auto lookup(const table_of_doubles &t,
                               const pack<xsimd::batch<std::int64_t, A>, K> &index) noexcept {
  using V = xsimd::batch<double, A>;
  pack<V, K> y;
  if constexpr (cheap_table<V> >= 8) {
    each_index<K>([&](auto k) XACT_INLINE { y.part[k] = lookup(t, index.part[k]); });
  } else {
    each_index<K / 2>([&](auto k) XACT_INLINE {
      table_lookup(t, index.part[2 * k].data, index.part[2 * k + 1].data, y.part[2 * k].data, y.part[2 * k + 1].data);
    });
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
