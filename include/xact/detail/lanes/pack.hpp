#pragma once

/// @file
/// Lane types: a scalar (float, double), an xsimd::batch of them, or a pack of several batches that go through a kernel
/// together.

#include <xact/detail/lanes/xsimd.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// f(0), ..., f(N - 1), the index a constant. A loop would do, but g++ unrolls one at -O3 only, and only small ones: a
/// pack would live in memory. For the same reason all lambdas here are forced inline.
template <std::size_t N, class F> XACT_INLINE constexpr void each_index(F f) noexcept {
  [&]<std::size_t... Index>(std::index_sequence<Index...>)
      XACT_INLINE { (f(std::integral_constant<std::size_t, Index>()), ...); }(std::make_index_sequence<N>());
}

/// N batches side by side: what the loop hands a kernel so that their latencies overlap, and what a float batch becomes
/// when it is widened to double.
template <class V, std::size_t N> struct pack {
  V part[N];

  pack() = default;
  // Part by part: g++ 12 copies the whole in 16-byte pieces through integer registers, at twenty times the price.
  XACT_INLINE pack(const pack &other) noexcept { *this = other; }
  XACT_INLINE pack &operator=(const pack &other) noexcept {
    each_index<N>([&](auto i) XACT_INLINE { part[i] = other.part[i]; });
    return *this;
  }
  template <class S>
    requires std::is_arithmetic_v<S>
  XACT_INLINE explicit pack(S value) noexcept {
    each_index<N>([&](auto i) XACT_INLINE { part[i] = V(static_cast<typename V::value_type>(value)); });
  }
  XACT_INLINE explicit pack(const V &value) noexcept {
    each_index<N>([&](auto i) XACT_INLINE { part[i] = value; });
  }
};

template <class T> struct lane_traits {
  using scalar = T;
  using integer = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  template <class U> using rebind = U;
  static constexpr std::size_t size = 1;
};
template <class T, class A> struct lane_traits<xsimd::batch<T, A>> {
  using scalar = T;
  using integer = xsimd::batch<typename lane_traits<T>::integer, A>;
  template <class U> using rebind = xsimd::batch<U, A>;
  static constexpr std::size_t size = xsimd::batch<T, A>::size;
};
template <class V, std::size_t N> struct lane_traits<pack<V, N>> {
  using scalar = typename lane_traits<V>::scalar;
  using integer = pack<typename lane_traits<V>::integer, N>;
  template <class U> using rebind = pack<typename lane_traits<V>::template rebind<U>, N>;
  static constexpr std::size_t size = N * lane_traits<V>::size;
};

template <class V> using scalar_t = typename lane_traits<V>::scalar;
template <class V> using integer_t = typename lane_traits<V>::integer;

#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
template <class T> using native = T;
#else
/// The lane type that range and scalar calls compute in: a batch of the widest registers, or a scalar without SIMD.
template <class T> using native = xsimd::batch<T>;
#endif

/// One of three numbers, by how many doubles the registers hold: how many batches pay side by side hangs on that.
constexpr std::size_t by_width(std::size_t two, std::size_t four, std::size_t eight) {
  constexpr std::size_t size = lane_traits<native<double>>::size;
  return size == 8 ? eight : size == 4 ? four : size == 2 ? two : 1;
}

template <class X> std::true_type fuses(const xsimd::fma3<X> *);
std::true_type fuses(const xsimd::fma4 *);
std::true_type fuses(const xsimd::avx512f *);
std::true_type fuses(const xsimd::neon64 *);
#if XSIMD_VERSION_MAJOR >= 14
std::true_type fuses(const xsimd::vsx *);
#endif
std::false_type fuses(...);

/// Whether mul_add(a, b, c) is one rounding. Without it, error terms of products need Dekker's splitting.
template <class V> inline constexpr bool has_fma = false;
template <class T, class A>
inline constexpr bool has_fma<xsimd::batch<T, A>> = decltype(fuses(static_cast<A *>(nullptr)))::value;
template <class V, std::size_t N> inline constexpr bool has_fma<pack<V, N>> = has_fma<V>;

// Every operation on packs, part by part.

template <class F, class V, std::size_t N, class... Ps>
XACT_INLINE inline auto each(F f, const pack<V, N> &a, const Ps &...ps) noexcept {
  pack<decltype(f(a.part[0], ps.part[0]...)), N> r;
  each_index<N>([&](auto i) XACT_INLINE { r.part[i] = f(a.part[i], ps.part[i]...); });
  return r;
}

template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator+(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x + y); }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator-(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x - y); }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator*(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x * y); }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator/(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x / y); }, a, b);
}
template <class V, std::size_t N> XACT_INLINE inline auto operator<(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return x < y; }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline auto operator>=(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return x >= y; }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline auto operator==(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return x == y; }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator|(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x | y); }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator&(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x & y); }, a, b);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> operator^(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return V(x ^ y); }, a, b);
}
template <class V, std::size_t N> XACT_INLINE inline pack<V, N> operator<<(const pack<V, N> &a, int bits) noexcept {
  return each([bits](const V &x) XACT_INLINE { return V(x << bits); }, a);
}
template <class V, std::size_t N> XACT_INLINE inline pack<V, N> operator>>(const pack<V, N> &a, int bits) noexcept {
  return each([bits](const V &x) XACT_INLINE { return V(x >> bits); }, a);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
