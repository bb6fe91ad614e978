#pragma once

/// @file
/// Stores that go past the caches, for outputs that would not stay there.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// From how many bytes of output on. An ordinary store reads the line first and drives out others: relu of 2^22 floats
/// takes 0.118 ns an element with it, 0.091 without (2^23: 0.167 and 0.113, 2^21: both 0.074), on a Zen 5 with 32 MiB
/// of last-level cache; on a Zen 4 with as many 0.174 and 0.157 (2^23: 0.304 and 0.219, 2^21: 0.104 and 0.151).
inline constexpr std::size_t streamed_bytes = std::size_t{16} << 20;

// `to` is aligned to the register.
#if defined(__AVX512F__)
XACT_INLINE inline void stream(__m512 x, float *to) noexcept { _mm512_stream_ps(to, x); }
XACT_INLINE inline void stream(__m512d x, double *to) noexcept { _mm512_stream_pd(to, x); }
#endif
#if defined(__AVX__)
XACT_INLINE inline void stream(__m256 x, float *to) noexcept { _mm256_stream_ps(to, x); }
XACT_INLINE inline void stream(__m256d x, double *to) noexcept { _mm256_stream_pd(to, x); }
#endif
#if defined(__SSE2__)
XACT_INLINE inline void stream(__m128 x, float *to) noexcept { _mm_stream_ps(to, x); }
XACT_INLINE inline void stream(__m128d x, double *to) noexcept { _mm_stream_pd(to, x); }
#endif

/// Whether the ISA has such stores of V to elements E.
template <class V, class E> inline constexpr bool can_stream = false;
template <class T, class A>
inline constexpr bool can_stream<xsimd::batch<T, A>, T> =
    requires(const xsimd::batch<T, A> &x, T *to) { stream(x.data, to); };
template <class V, std::size_t N, class E> inline constexpr bool can_stream<pack<V, N>, E> = can_stream<V, E>;

template <class V, class E> XACT_INLINE inline void stream_lanes(const V &x, E *to) noexcept { stream(x.data, to); }
template <class V, std::size_t N, class E> XACT_INLINE inline void stream_lanes(const pack<V, N> &x, E *to) noexcept {
  each_index<N>([&](auto k) XACT_INLINE { stream(x.part[k].data, to + k * lane_traits<V>::size); });
}

/// How many of `n` elements from `out` on are to be streamed in one go: those of a page at most, whole registers. Two
/// pages ahead, the address is translated: a streamed store whose page is not in the TLB holds up all that come after
/// it. Of 16M floats with AVX2 on a Zen 4, gelu takes 0.31 ns an element so and 0.5 without, silu 0.42 and 0.6. To
/// do the same for what is read gains nothing.
template <std::size_t Lanes, class E> XACT_INLINE inline std::size_t page_part(const E *out, std::size_t n) noexcept {
  constexpr std::size_t page = 4096;
  __builtin_prefetch(reinterpret_cast<const void *>(reinterpret_cast<std::uintptr_t>(out) + 2 * page));
  const std::size_t whole = n / Lanes * Lanes;
  return whole < page / sizeof(E) ? whole : page / sizeof(E);
}

/// After the last streamed store, before others may read.
XACT_INLINE inline void end_of_stream() noexcept {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

/// f(i, count) for parts of out[from] to out[n - 1], each of a page at most, which f streams.
template <class E, class F> inline void each_page(std::size_t from, std::size_t n, E *out, const F &f) {
  for (std::size_t part; from < n; from += part) {
    part = page_part<1>(out + from, n - from);
    f(from, part);
  }
  end_of_stream();
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
