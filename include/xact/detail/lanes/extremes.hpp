#pragma once

/// @file
/// Extremes of integers, and of the codes of floating-point numbers: a sign, and a magnitude whose lowest and highest
/// values are the special ones.

#include <xact/detail/lanes/memory.hpp>

#include <limits>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// How many lanes of a mask are set, and which is the first.
XACT_INLINE inline std::size_t lanes_set(bool mask) noexcept { return mask; }
XACT_INLINE inline std::size_t first_set(bool) noexcept { return 0; }
template <class T, class A> XACT_INLINE inline std::size_t first_set(const xsimd::batch_bool<T, A> &mask) noexcept {
#if defined(__SSE2__)
  if constexpr (sizeof(T) == 2 && sizeof(mask) > 8) { // xsimd takes the bits of 16-bit lanes apart first
    return first_set(xsimd::batch_bool<std::uint8_t, A>(mask.data)) / 2;
  }
#endif
  return static_cast<std::size_t>(__builtin_ctzll(mask.mask()));
}
template <class T, class A> XACT_INLINE inline std::size_t lanes_set(const xsimd::batch_bool<T, A> &mask) noexcept {
#if defined(__SSE2__)
  if constexpr (sizeof(T) == 2 && sizeof(mask) > 8) {
    return lanes_set(xsimd::batch_bool<std::uint8_t, A>(mask.data)) / 2;
  }
#endif
  return static_cast<std::size_t>(__builtin_popcountll(mask.mask()));
}

/// The lanes of a batch combined by f.
template <class V, class F> XACT_INLINE inline scalar_t<V> fold(const V &x, const F &f) noexcept {
  scalar_t<V> lane[lane_traits<V>::size];
  store_lanes(x, lane);
  for (const scalar_t<V> y : lane) {
    lane[0] = f(lane[0], y);
  }
  return lane[0];
}

/// The larger and the smaller of integers, with a sign and without one. Of 64 bits xsimd goes through halves before
/// AVX-512.
template <class C> inline constexpr bool has_extremes = sizeof(scalar_t<C>) < 8;
#if defined(__AVX512F__)
template <class T, class A> inline constexpr bool has_extremes<xsimd::batch<T, A>> = true;
#endif
template <bool Larger, class C> XACT_INLINE inline C extreme(const C &a, const C &b) noexcept {
  if constexpr (std::is_arithmetic_v<C> || !has_extremes<C>) {
    return select(Larger ? a < b : b < a, b, a);
  } else {
    return Larger ? (xsimd::max)(a, b) : (xsimd::min)(a, b);
  }
}
template <bool Larger, class C> XACT_INLINE inline C unsigned_extreme(const C &a, const C &b) noexcept {
  using S = scalar_t<C>;
  using U = std::make_unsigned_t<S>;
  if constexpr (std::is_arithmetic_v<C>) {
    return static_cast<S>(extreme<Larger>(static_cast<U>(a), static_cast<U>(b)));
  } else if constexpr (!has_extremes<C>) {
    const C sign((std::numeric_limits<S>::min)());
    return select(Larger ? C(a ^ sign) < C(b ^ sign) : C(b ^ sign) < C(a ^ sign), b, a);
  } else {
    return xsimd::bitwise_cast<S>(extreme<Larger>(xsimd::bitwise_cast<U>(a), xsimd::bitwise_cast<U>(b)));
  }
}

template <class C> XACT_INLINE inline C magnitude_of(const C &code) noexcept {
  return C(code & C((std::numeric_limits<scalar_t<C>>::max)()));
}
/// The smaller magnitude of two codes.
template <class C> XACT_INLINE inline C smaller_magnitude(const C &a, const C &b) noexcept {
#if defined(__AVX512DQ__)
  // One operation for three: what a NaN does there does not matter, for the other extremes have seen it.
  if constexpr (std::is_same_v<C, integer_t<native<float>>>) {
    return C(_mm512_castps_si512(_mm512_range_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b), 0b1010)));
  }
#endif
  return extreme<false>(magnitude_of(a), magnitude_of(b));
}

/// Of codes of numbers: the largest, with a sign and without one, and the least magnitude. So the largest and the
/// smallest number are among them, and all that is special, at a price of four operations, of floats with AVX-512
/// three.
template <class C> struct code_extremes {
  using S = scalar_t<C>;
  C most{(std::numeric_limits<S>::min)()}, most_unsigned{S(0)}, least{(std::numeric_limits<S>::max)()};

  XACT_INLINE void add(const C &x) noexcept {
    most = extreme<true>(most, x);
    most_unsigned = unsigned_extreme<true>(most_unsigned, x);
    least = extreme<false>(least, magnitude_of(x));
  }
  XACT_INLINE void add(const C &x, const C &y) noexcept {
    most = extreme<true>(most, extreme<true>(x, y));
    most_unsigned = unsigned_extreme<true>(most_unsigned, unsigned_extreme<true>(x, y));
    least = extreme<false>(least, smaller_magnitude(x, y));
  }
  /// As if the magnitude of what is 0 were none.
  XACT_INLINE void add_but_zeros(const C &x, const auto &is_zero) noexcept {
    const C before = least;
    add(x);
    least = select(is_zero, before, least);
  }
  /// Subnormals too, also where the CPU takes them for 0.
  template <class M> XACT_INLINE void add_where(const M &mask, const C &x) noexcept {
    most = select(mask, extreme<true>(most, x), most);
    most_unsigned = select(mask, unsigned_extreme<true>(most_unsigned, x), most_unsigned);
    least = select(mask, extreme<false>(least, C(x & C((std::numeric_limits<S>::max)()))), least);
  }

  /// The codes of the smallest and of the largest number, and whether there was any.
  struct ends_of {
    S minimum, maximum;
    bool any;
  };
  XACT_INLINE ends_of ends() const noexcept {
    constexpr S sign = (std::numeric_limits<S>::min)(), none = (std::numeric_limits<S>::max)();
    const S largest = fold(most, extreme<true, S>), lowest = fold(most_unsigned, unsigned_extreme<true, S>);
    const S nearest = fold(least, extreme<false, S>);
    return {lowest < 0 ? lowest : nearest, largest < 0 ? static_cast<S>(nearest | sign) : largest, nearest != none};
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
