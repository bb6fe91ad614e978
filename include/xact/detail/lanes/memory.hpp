#pragma once

/// @file
/// Every load and store of lanes: whole registers, the first n lanes of one, interleaved pairs, and stores that go past
/// the caches (non_temporal.hpp). Nothing outside of the n elements is read or written.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/lanes/deinterleave.hpp>
#include <xact/detail/lanes/narrow.hpp>
#include <xact/detail/lanes/tables.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__)
inline constexpr bool is_little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
#else
inline constexpr bool is_little_endian = false;
#endif

// Whole registers.

template <class V, class E> XACT_INLINE inline V load_lanes(const E *from) noexcept {
  if constexpr (std::is_arithmetic_v<V>) {
    return static_cast<V>(*from);
  } else if constexpr (narrow_element<E> && std::is_same_v<scalar_t<V>, float>) {
    return load_narrow<V>(from);
  } else if constexpr (!std::is_same_v<scalar_t<V>, E>) { // xsimd would copy by std::copy, which files would share
    scalar_t<V> wide[V::size];
    for (std::size_t i = 0; i < V::size; ++i) {
      wide[i] = static_cast<scalar_t<V>>(from[i]);
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
  } else if constexpr (!std::is_same_v<scalar_t<V>, E>) {
    scalar_t<V> wide[V::size];
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

/// As many elements as float lanes V hold, as double lanes.
template <class V, class E> XACT_INLINE inline wide_t<V> load_wide(const E *from) noexcept {
  if constexpr (!std::is_same_v<E, double>) {
    return to_double(load_lanes<V>(from));
  } else if constexpr (std::is_arithmetic_v<V>) {
    return *from;
  } else {
    using D = typename lane_traits<V>::template rebind<double>;
    wide_t<V> x;
    x.part[0] = load_lanes<D>(from);
    x.part[1] = load_lanes<D>(from + lane_traits<V>::size / 2);
    return x;
  }
}

// Blocks of bytes of which the first n <= Bytes are in memory; n is a multiple of Least. A loop over elements
// takes 12 to 17 ns (Zen 4, Zen 5; Intel 20 to 35), most of it to wait for small stores that the load of the whole
// cannot be forwarded from.

/// n bytes, 8 at most, as the low ones of a number, below zeros.
template <std::size_t Least>
XACT_INLINE inline std::uint64_t load_word(const unsigned char *from, std::size_t n) noexcept {
  const auto ends = [&](auto first, auto last) XACT_INLINE {
    __builtin_memcpy(&first, from, sizeof first);
    __builtin_memcpy(&last, from + n - sizeof last, sizeof last);
    return first | std::uint64_t{last} << (8 * (n - sizeof last));
  };
  if (n >= 8) {
    return ends(std::uint64_t{}, std::uint64_t{});
  }
  if (Least <= 4 && n >= 4) {
    return ends(std::uint32_t{}, std::uint32_t{});
  }
  if (Least <= 2 && n >= 2) {
    return ends(std::uint16_t{}, std::uint16_t{});
  }
  return n != 0 ? *from : 0;
}

/// n bytes, and zeros to the end of the block.
template <std::size_t Bytes, std::size_t Least>
XACT_INLINE inline void load_block(const unsigned char *from, std::size_t n, void *block) noexcept {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
  if constexpr (Bytes == 64 || Bytes == 32) {
    const std::uint64_t mask = n < 64 ? (std::uint64_t{1} << n) - 1 : ~std::uint64_t{0};
    if constexpr (Bytes == 64) {
      _mm512_storeu_si512(block, _mm512_maskz_loadu_epi8(mask, from));
    } else {
      _mm256_storeu_si256(static_cast<__m256i_u *>(block), _mm256_maskz_loadu_epi8(static_cast<__mmask32>(mask), from));
    }
    return;
  }
#endif
  auto *to = static_cast<unsigned char *>(block);
  if constexpr (!is_little_endian || Bytes > 64) {
    __builtin_memset(to, 0, Bytes);
    __builtin_memcpy(to, from, n);
  } else if constexpr (Bytes <= 8) {
    const std::uint64_t word = load_word<Least>(from, n);
    __builtin_memcpy(to, &word, Bytes);
  } else {
    constexpr std::size_t middle = Bytes / 2;
    const bool more = n > middle;
    const unsigned char *const upper = more ? from + middle : from;
    if constexpr (Bytes == 16) { // both at once, if the compiler will
      const std::uint64_t words[2] = {load_word<Least>(from, more ? middle : n),
                                      load_word<Least>(upper, more ? n - middle : 0)};
#if defined(__SSE2__)
      _mm_storeu_si128(static_cast<__m128i_u *>(block),
                       _mm_set_epi64x(static_cast<long long>(words[1]), static_cast<long long>(words[0])));
#else
      __builtin_memcpy(to, words, Bytes);
#endif
    } else {
      load_block<middle, Least>(from, more ? middle : n, to);
      load_block<middle, Least>(upper, more ? n - middle : 0, to + middle);
    }
  }
}

/// The first n bytes of a block, n <= 2 * Most: its first and last `Most`, or half as many.
template <std::size_t Most, std::size_t Least>
XACT_INLINE inline void store_block(const void *block, std::size_t n, unsigned char *to) noexcept {
  if constexpr (Most < Least) {
    __builtin_memcpy(to, block, Least);
  } else if (n < Most) {
    store_block<Most / 2, Least>(block, n, to);
  } else {
    unsigned char first[Most], last[Most];
    __builtin_memcpy(first, block, Most);
    __builtin_memcpy(last, static_cast<const unsigned char *>(block) + n - Most, Most);
    __builtin_memcpy(to, first, Most);
    __builtin_memcpy(to + n - Most, last, Most);
  }
}

/// The first n of N elements.
template <std::size_t N, class E>
XACT_INLINE inline void load_block(const E *from, std::size_t n, E (&block)[N]) noexcept {
  load_block<sizeof block, sizeof(E)>(reinterpret_cast<const unsigned char *>(from), n * sizeof(E), block);
}
template <std::size_t N, class E>
XACT_INLINE inline void store_block(const E (&block)[N], std::size_t n, E *to) noexcept {
  store_block<sizeof block / 2, sizeof(E)>(block, n * sizeof(E), reinterpret_cast<unsigned char *>(to));
}

// The first n lanes of a register, 0 < n <= their number.

#if defined(__AVX512F__)
XACT_INLINE inline __mmask16 first_of_16(std::size_t n) noexcept { return static_cast<__mmask16>((1u << n) - 1); }
XACT_INLINE inline void load_masked(const float *from, std::size_t n, __m512 &to) noexcept {
  to = _mm512_maskz_loadu_ps(first_of_16(n), from);
}
XACT_INLINE inline void load_masked(const double *from, std::size_t n, __m512d &to) noexcept {
  to = _mm512_maskz_loadu_pd(static_cast<__mmask8>(first_of_16(n)), from);
}
XACT_INLINE inline void store_masked(__m512 x, float *to, std::size_t n) noexcept {
  _mm512_mask_storeu_ps(to, first_of_16(n), x);
}
XACT_INLINE inline void store_masked(__m512d x, double *to, std::size_t n) noexcept {
  _mm512_mask_storeu_pd(to, static_cast<__mmask8>(first_of_16(n)), x);
}
#endif
#if defined(__SSE2__)
// Stores in halves: of a 256-bit store with a mask AMD makes many small ones (Zen 4: 19 to 42 operations).
XACT_INLINE inline void store_masked(__m128 x, float *to, std::size_t n) noexcept {
  if (n >= 4) {
    _mm_storeu_ps(to, x);
    return;
  }
  if (n >= 2) {
    _mm_storel_pi(reinterpret_cast<__m64 *>(to), x);
    x = _mm_movehl_ps(x, x);
    to += 2;
  }
  if (n % 2 != 0) {
    _mm_store_ss(to, x);
  }
}
XACT_INLINE inline void store_masked(__m128d x, double *to, std::size_t n) noexcept {
  _mm_storel_pd(to, x);
  if (n >= 2) {
    _mm_storeh_pd(to + 1, x);
  }
}
#endif
#if defined(__AVX__)
XACT_INLINE inline void store_masked(__m256 x, float *to, std::size_t n) noexcept {
  if (n >= 4) {
    _mm_storeu_ps(to, _mm256_castps256_ps128(x));
    store_masked(_mm256_extractf128_ps(x, 1), to + 4, n - 4);
  } else {
    store_masked(_mm256_castps256_ps128(x), to, n);
  }
}
XACT_INLINE inline void store_masked(__m256d x, double *to, std::size_t n) noexcept {
  if (n >= 3) {
    _mm_storeu_pd(to, _mm256_castpd256_pd128(x));
    store_masked(_mm256_extractf128_pd(x, 1), to + 2, n - 2);
  } else {
    store_masked(_mm256_castpd256_pd128(x), to, n);
  }
}
XACT_INLINE inline __m256i first_of_8(std::size_t n) noexcept {
  alignas(64) static constexpr std::int32_t mask[] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i_u *>(mask + 8 - n));
}
XACT_INLINE inline void load_masked(const float *from, std::size_t n, __m256 &to) noexcept {
  to = _mm256_maskload_ps(from, first_of_8(n));
}
XACT_INLINE inline void load_masked(const double *from, std::size_t n, __m256d &to) noexcept {
  to = _mm256_maskload_pd(from, first_of_8(2 * n));
}
#endif

/// n elements as lanes; 0 in the others.
template <class V, class E> XACT_INLINE inline V load_first(const E *from, std::size_t n) noexcept {
  if constexpr (lane_traits<V>::size == 1) {
    return load_lanes<V>(from);
  } else if constexpr (V x; requires { load_masked(from, n, x.data); }) {
    load_masked(from, n, x.data);
    return x;
  } else {
    alignas(lane_traits<V>::size * sizeof(E)) E block[lane_traits<V>::size];
    load_block(from, n, block);
    return load_lanes<V>(static_cast<const E *>(block));
  }
}

/// The first n lanes as elements; x may be codes of a 16- or 8-bit format.
template <class V, class E> XACT_INLINE inline void store_first(const V &x, E *to, std::size_t n) noexcept {
  if constexpr (lane_traits<V>::size == 1) {
    store_lanes(x, to);
  } else if constexpr (requires {
                         requires std::is_same_v<scalar_t<V>, E>; // clang would take doubles' register for floats'
                         store_masked(x.data, to, n);
                       }) {
    store_masked(x.data, to, n);
  } else {
    alignas(lane_traits<V>::size * sizeof(E)) E block[lane_traits<V>::size];
    store_lanes(x, static_cast<E *>(block));
    store_block(block, n, to);
  }
}

/// n elements as lanes; the others get another value.
template <class V, class E>
XACT_INLINE inline V load_first(const E *from, std::size_t n, scalar_t<V> otherwise) noexcept {
  using Int = integer_t<V>;
  constexpr std::size_t size = lane_traits<V>::size;
  static constexpr table<scalar_t<Int>, 2 *size> masks = [] { // n times all bits, at masks.entry + size - n
    table<scalar_t<Int>, 2 * lane_traits<V>::size> m{};
    fill_n(m.entry, lane_traits<V>::size, scalar_t<Int>(-1));
    return m;
  }();
  const Int mask = load_lanes<Int>(masks.entry + size - n);
  const Int rest = as_integer(V(otherwise));
  return as_float(Int((as_integer(load_first<V>(from, n)) & mask) | (rest - (rest & mask))));
}

// Interleaved pairs, x0 y0 x1 y1 ..., as two registers, and the other way. `at + i` is the i-th pair.

template <class E> struct interleaved {
  E *at;
  friend XACT_INLINE bool operator==(const interleaved &pairs, const void *other) noexcept { return pairs.at == other; }
  friend XACT_INLINE interleaved operator+(const interleaved &pairs, std::size_t i) noexcept {
    return {pairs.at + 2 * i};
  }
};

template <class V, class E> XACT_INLINE inline pack<V, 2> load_lanes(const interleaved<E> &from) noexcept {
  pack<V, 2> x;
  x.part[0] = load_lanes<V>(from.at);
  x.part[1] = load_lanes<V>(from.at + lane_traits<V>::size);
  deinterleave(x.part[0], x.part[1]);
  return x;
}
template <class V, class E>
XACT_INLINE inline pack<V, 2> load_first(const interleaved<E> &from, std::size_t n) noexcept {
  constexpr std::size_t size = lane_traits<V>::size;
  pack<V, 2> x(scalar_t<V>(0));
  if (2 * n <= size) {
    x.part[0] = load_first<V>(from.at, 2 * n);
  } else {
    x.part[0] = load_lanes<V>(from.at);
    x.part[1] = load_first<V>(from.at + size, 2 * n - size);
  }
  deinterleave(x.part[0], x.part[1]);
  return x;
}
template <class V, class E> XACT_INLINE inline void store_lanes(pack<V, 2> x, const interleaved<E> &to) noexcept {
  zip(x.part[0], x.part[1]);
  store_lanes(x, to.at);
}
template <class V, class E>
XACT_INLINE inline void store_first(pack<V, 2> x, const interleaved<E> &to, std::size_t n) noexcept {
  constexpr std::size_t size = lane_traits<V>::size;
  zip(x.part[0], x.part[1]);
  if (2 * n <= size) {
    store_first(x.part[0], to.at, 2 * n);
  } else {
    store_lanes(x.part[0], to.at);
    store_first(x.part[1], to.at + size, 2 * n - size);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
