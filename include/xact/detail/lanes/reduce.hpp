#pragma once

/// @file
/// One number of all lanes.

#include <xact/detail/lanes/ops.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// Compilers know how to permute the registers of x86 by a constant.
#if defined(__x86_64__) || defined(__i386__)
template <class V>
concept permutable = requires(const V &x) { x.data + x.data; };
#else
template <class V>
concept permutable = false;
#endif

/// Lane i and lane i ^ width change places.
template <int width, class T, class A>
  requires permutable<xsimd::batch<T, A>>
XACT_INLINE inline xsimd::batch<T, A> with_lanes_swapped(const xsimd::batch<T, A> &x) noexcept {
  return [&]<int... i>(std::integer_sequence<int, i...>) XACT_INLINE {
    return xsimd::batch<T, A>(__builtin_shufflevector(x.data, x.data, (i ^ width)...));
  }(std::make_integer_sequence<int, int(xsimd::batch<T, A>::size)>());
}

/// All lanes by `f`, in halves: first those half of all lanes apart. Not xsimd's reductions: those of AVX-512 go
/// through batches of AVX2, whose symbols an AVX2 file without inlining has too. Nor lane by lane, where `f` on floats
/// becomes branches that nothing predicts: half the time of a row of 128.
template <class T, class F>
  requires std::is_arithmetic_v<T>
XACT_INLINE inline T reduce(T x, const F &) noexcept {
  return x;
}
template <int width, class V, class F> XACT_INLINE inline auto reduce_from(const V &x, const F &f) noexcept {
  if constexpr (width == 0) {
    return first_lane(x);
  } else {
    return reduce_from<width / 2>(V(f(x, with_lanes_swapped<width>(x))), f);
  }
}
template <class T, class A, class F> XACT_INLINE inline T reduce(const xsimd::batch<T, A> &x, const F &f) noexcept {
  constexpr int size = int(xsimd::batch<T, A>::size);
  if constexpr (permutable<xsimd::batch<T, A>>) {
    return reduce_from<size / 2>(x, f);
  } else {
    T lane[size];
    x.store_unaligned(lane);
    for (int width = size / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; ++i) {
        lane[i] = f(lane[i], lane[i + width]);
      }
    }
    return lane[0];
  }
}
template <class V, std::size_t N, class F> XACT_INLINE inline auto reduce(const pack<V, N> &x, const F &f) noexcept {
  if constexpr (N == 1) {
    return reduce(x.part[0], f);
  } else {
    pack<V, N / 2> folded;
    each_index<N / 2>([&](auto i) XACT_INLINE { folded.part[i] = f(x.part[i], x.part[i + N / 2]); });
    return reduce(folded, f);
  }
}

/// Of each 2 * width lanes the first half has what `f` makes of both halves of a, the second half that of b.
template <int width, class T, class A, class F>
  requires permutable<xsimd::batch<T, A>>
XACT_INLINE inline xsimd::batch<T, A> halves_of_two(const xsimd::batch<T, A> &a, const xsimd::batch<T, A> &b,
                                                    const F &f) noexcept {
  using V = xsimd::batch<T, A>;
  return [&]<int... i>(std::integer_sequence<int, i...>) XACT_INLINE {
    const auto from = [](int lane) { return lane / width % 2 == 0 ? lane : lane - width + int(V::size); };
    return V(f(V(__builtin_shufflevector(a.data, b.data, from(i)...)),
               V(__builtin_shufflevector(a.data, b.data, (from(i) + width)...))));
  }(std::make_integer_sequence<int, int(V::size)>());
}
/// Lane i is all lanes of x[i * apart].
template <int apart, class V, class F> XACT_INLINE inline V reduce_tree(const V *x, const F &f) noexcept {
  if constexpr (apart == int(V::size)) {
    return *x;
  } else {
    return halves_of_two<apart>(reduce_tree<2 * apart>(x, f), reduce_tree<2 * apart>(x + apart, f), f);
  }
}
/// Lane i is all lanes of x[i] by `f`, for as many x as a register has lanes; only the first `count` matter.
template <class V, class F> XACT_INLINE inline V reduce_each(const V *x, std::size_t count, const F &f) noexcept {
  if constexpr (permutable<V>) {
    if (count > V::size / 4) {
      return reduce_tree<1>(x, f);
    }
  }
  scalar_t<V> result[V::size] = {};
  for (std::size_t i = 0; i < count; ++i) {
    result[i] = reduce(x[i], f);
  }
  return V::load_unaligned(result);
}

/// For sums and maxima.
struct sum_of_two {
  template <class V> XACT_INLINE V operator()(const V &a, const V &b) const noexcept { return a + b; }
};
struct larger_of_two {
  template <class V> XACT_INLINE V operator()(const V &a, const V &b) const noexcept { return at_least(a, b); }
};

template <class V> XACT_INLINE inline scalar_t<V> sum_of_lanes(const V &x) noexcept { return reduce(x, sum_of_two()); }

/// x with -inf in place of NaN.
template <class V> XACT_INLINE inline V without_nan(const V &x) noexcept {
  return select(x == x, x, V(-infinity_of<scalar_t<V>>));
}
/// The largest lane that is not NaN, or -inf.
template <class V> XACT_INLINE inline scalar_t<V> largest_lane(const V &x) noexcept {
  return reduce(without_nan(x), larger_of_two());
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
