#pragma once

/// @file
/// The vocabulary that kernels are written in: every function here takes all lane types, so a kernel is written once.

#include <xact/detail/lanes/pack.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The bits of a lane as signed integers of its size.
template <class T>
  requires std::is_floating_point_v<T>
XACT_INLINE inline integer_t<T> as_integer(T x) noexcept {
  return __builtin_bit_cast(integer_t<T>, x);
}
template <class T, class A> XACT_INLINE inline auto as_integer(const xsimd::batch<T, A> &x) noexcept {
  return xsimd::bitwise_cast<typename lane_traits<T>::integer>(x);
}
template <class V, std::size_t N> XACT_INLINE inline auto as_integer(const pack<V, N> &x) noexcept {
  return each([](const V &p) XACT_INLINE { return as_integer(p); }, x);
}

/// The float or double whose bits are given.
XACT_INLINE inline float as_float(std::int32_t x) noexcept { return __builtin_bit_cast(float, x); }
XACT_INLINE inline double as_float(std::int64_t x) noexcept { return __builtin_bit_cast(double, x); }
template <class T, class A> XACT_INLINE inline auto as_float(const xsimd::batch<T, A> &x) noexcept {
  return xsimd::bitwise_cast<std::conditional_t<sizeof(T) == 8, double, float>>(x);
}
template <class V, std::size_t N> XACT_INLINE inline auto as_float(const pack<V, N> &x) noexcept {
  return each([](const V &p) XACT_INLINE { return as_float(p); }, x);
}

/// The sign bit of each lane, all else 0, as an integer lane.
template <class V> XACT_INLINE inline auto sign_bit(const V &x) noexcept {
  using Int = integer_t<V>;
  using S = scalar_t<Int>;
  return Int(as_integer(x) & Int(static_cast<S>(S(1) << (sizeof(S) * 8 - 1))));
}

template <class V> XACT_INLINE inline V abs(const V &x) noexcept {
  return as_float(integer_t<V>(as_integer(x) ^ sign_bit(x)));
}

/// Flips the sign of x where that of s is set. A subtraction from 0 would lose the sign of 0.
template <class V> XACT_INLINE inline V mul_sign(const V &x, const V &s) noexcept {
  return as_float(integer_t<V>(as_integer(x) ^ sign_bit(s)));
}

/// -abs(x), of double lanes.
template <class V> XACT_INLINE inline V minus_abs(const V &x) noexcept { return mul_sign(abs(x), V(-0.0)); }

/// a*b + c: one rounding where the ISA has FMA, two where not (never an emulated one).
template <class T>
  requires std::is_floating_point_v<T>
XACT_INLINE inline T mul_add(T a, T b, T c) noexcept {
  if constexpr (!has_fma<T>) {
    return a * b + c;
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_fmaf(a, b, c);
  } else {
    return __builtin_fma(a, b, c);
  }
}
template <class T, class A>
XACT_INLINE inline xsimd::batch<T, A> mul_add(const xsimd::batch<T, A> &a, const xsimd::batch<T, A> &b,
                                              const xsimd::batch<T, A> &c) noexcept {
  return xsimd::fma(a, b, c);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> mul_add(const pack<V, N> &a, const pack<V, N> &b, const pack<V, N> &c) noexcept {
  return each([](const V &x, const V &y, const V &z) XACT_INLINE { return mul_add(x, y, z); }, a, b, c);
}

/// c - a*b, as fma.
template <class T>
  requires std::is_floating_point_v<T>
XACT_INLINE inline T neg_mul_add(T a, T b, T c) noexcept {
  return mul_add(-a, b, c);
}
template <class T, class A>
XACT_INLINE inline xsimd::batch<T, A> neg_mul_add(const xsimd::batch<T, A> &a, const xsimd::batch<T, A> &b,
                                                  const xsimd::batch<T, A> &c) noexcept {
#if defined(__x86_64__) || defined(__i386__)
  return xsimd::fnma(a, b, c);
#else
  return xsimd::fma(-a, b, c); // xsimd's own fnma rounds twice on NEON, VSX and VXE
#endif
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> neg_mul_add(const pack<V, N> &a, const pack<V, N> &b, const pack<V, N> &c) noexcept {
  return each([](const V &x, const V &y, const V &z) XACT_INLINE { return neg_mul_add(x, y, z); }, a, b, c);
}

/// a*b - c, as fma.
template <class T>
  requires std::is_floating_point_v<T>
XACT_INLINE inline T mul_sub(T a, T b, T c) noexcept {
  return mul_add(a, b, -c);
}
template <class T, class A>
XACT_INLINE inline xsimd::batch<T, A> mul_sub(const xsimd::batch<T, A> &a, const xsimd::batch<T, A> &b,
                                              const xsimd::batch<T, A> &c) noexcept {
#if defined(__x86_64__) || defined(__i386__)
  return xsimd::fms(a, b, c);
#else
  return xsimd::fma(a, b, -c);
#endif
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> mul_sub(const pack<V, N> &a, const pack<V, N> &b, const pack<V, N> &c) noexcept {
  return each([](const V &x, const V &y, const V &z) XACT_INLINE { return mul_sub(x, y, z); }, a, b, c);
}

/// a / b, correctly rounded. xsimd divides floats on AArch64 by an estimate and two Newton steps, as on 32-bit Arm:
/// silu would be off by 4.2 ULP there.
template <class V> XACT_INLINE inline V divide(const V &a, const V &b) noexcept { return a / b; }
#if defined(__aarch64__) && defined(__ARM_NEON)
template <class A>
  requires requires(xsimd::batch<float, A> x) { vdivq_f32(x.data, x.data); }
XACT_INLINE inline xsimd::batch<float, A> divide(const xsimd::batch<float, A> &a,
                                                 const xsimd::batch<float, A> &b) noexcept {
  return xsimd::batch<float, A>(vdivq_f32(a.data, b.data));
}
#endif
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> divide(const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const V &x, const V &y) XACT_INLINE { return divide(x, y); }, a, b);
}

/// mask ? a : b, lane by lane.
template <class T>
  requires std::is_arithmetic_v<T>
XACT_INLINE inline T select(bool mask, T a, T b) noexcept {
  return mask ? a : b;
}
template <class M, class T, class A>
XACT_INLINE inline xsimd::batch<T, A> select(const M &mask, const xsimd::batch<T, A> &a,
                                             const xsimd::batch<T, A> &b) noexcept {
  return xsimd::select(mask, a, b);
}
#if defined(__AVX__) && !defined(__AVX2__) && !defined(__clang__)
// g++ 12 makes a comparison of integers of vblendvps, and takes that apart lane by lane: elu takes 4 times as long. The
// constraint makes this a better match than xsimd's own.
template <class T, class A>
  requires(std::is_same_v<A, xsimd::avx> && std::is_floating_point_v<T>)
XACT_INLINE inline xsimd::batch<T, A> select(const xsimd::batch_bool<T, A> &mask, const xsimd::batch<T, A> &a,
                                             const xsimd::batch<T, A> &b) noexcept {
  if constexpr (sizeof(T) == 4) {
    return _mm256_or_ps(_mm256_and_ps(mask, a), _mm256_andnot_ps(mask, b));
  } else {
    return _mm256_or_pd(_mm256_and_pd(mask, a), _mm256_andnot_pd(mask, b));
  }
}
#endif
template <class M, class V, std::size_t N>
XACT_INLINE inline pack<V, N> select(const pack<M, N> &mask, const pack<V, N> &a, const pack<V, N> &b) noexcept {
  return each([](const M &m, const V &x, const V &y) XACT_INLINE { return select(m, x, y); }, mask, a, b);
}

/// Whether the mask is set in any lane.
XACT_INLINE inline bool any_lane(bool mask) noexcept { return mask; }
template <class T, class A> XACT_INLINE inline bool any_lane(const xsimd::batch_bool<T, A> &mask) noexcept {
#if defined(__x86_64__) || defined(__i386__)
  if constexpr (sizeof(T) >= 4) { // vmovmskps is one operation, vptest two: silu takes 1 to 5 % less with AVX2
    return mask.mask() != 0;
  }
#endif
  return xsimd::any(mask);
}
template <class M, std::size_t N> XACT_INLINE inline bool any_lane(const pack<M, N> &mask) noexcept {
  M all = mask.part[0];
  each_index<N - 1>([&](auto i) XACT_INLINE { all = all | mask.part[i + 1]; });
  return any_lane(all);
}

/// The larger of x and bound; NaN stays NaN, and at_least(-0, +0) is -0. (A bare max differs by ISA in both.)
template <class V> XACT_INLINE inline V at_least(const V &x, const V &bound) noexcept {
  return select(x < bound, bound, x);
}
/// The smaller of x and bound; NaN stays NaN.
template <class V> XACT_INLINE inline V at_most(const V &x, const V &bound) noexcept {
  return select(bound < x, bound, x);
}
#if defined(__x86_64__) || defined(__i386__)
// One instruction instead of two: x86 returns the second operand when either is NaN or both are 0. Which of its own
// operands xsimd hands over second changed in version 14.
template <class T, class A>
XACT_INLINE inline xsimd::batch<T, A> at_least(const xsimd::batch<T, A> &x, const xsimd::batch<T, A> &bound) noexcept {
  return XSIMD_VERSION_MAJOR >= 14 ? (xsimd::max)(x, bound) : (xsimd::max)(bound, x);
}
template <class T, class A>
XACT_INLINE inline xsimd::batch<T, A> at_most(const xsimd::batch<T, A> &x, const xsimd::batch<T, A> &bound) noexcept {
  return XSIMD_VERSION_MAJOR >= 14 ? (xsimd::min)(x, bound) : (xsimd::min)(bound, x);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> at_least(const pack<V, N> &x, const pack<V, N> &bound) noexcept {
  return each([](const V &p, const V &b) XACT_INLINE { return at_least(p, b); }, x, bound);
}
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> at_most(const pack<V, N> &x, const pack<V, N> &bound) noexcept {
  return each([](const V &p, const V &b) XACT_INLINE { return at_most(p, b); }, x, bound);
}
#endif

/// max(x, 0); NaN and -0 stay what they are.
template <class V> XACT_INLINE inline V positive_part(const V &x) noexcept {
#if defined(__x86_64__) || defined(__i386__)
  return at_least(x, V(scalar_t<V>(0)));
#else
  // The product: flushed to zero, a negative subnormal is not below 0, and must not come out as it is.
  const V zero(scalar_t<V>(0));
  return select(zero < x, x, select(x < zero, zero, V(x * zero)));
#endif
}

/// y = max(x, 0) - q, but share * x near 0, which it comes to there: flushed to zero, q would leave x where the result
/// is subnormal.
template <class V> XACT_INLINE inline V share_near_0(const V &x, const V &y, scalar_t<V> share) noexcept {
  return select(abs(x) < V(scalar_t<V>(sizeof(scalar_t<V>) == 4 ? 0x1p-100 : 0x1p-1000)), V(x * V(share)), y);
}

/// y, but NaN where x is.
template <class V> XACT_INLINE inline V unless_nan(const V &x, const V &y) noexcept { return select(x == x, y, x); }

/// 0, but -0 and NaN where x is: where an activation or its derivative is flat.
template <class V> XACT_INLINE inline V zero_like(const V &x) noexcept {
  const V zero(scalar_t<V>(0));
  return unless_nan(x, select(x == zero, as_float(sign_bit(x)), zero));
}

/// Whether abs(x) <= bound in every lane, NaN being beyond any bound. As integers, which leave the ports of FMA free
/// and order NaN; for a pack a max per part and one comparison.
template <class V> XACT_INLINE inline bool all_within(const V &x, scalar_t<V> bound) noexcept {
  return !any_lane(as_integer(V(bound)) < as_integer(abs(x)));
}
template <class V, std::size_t N> XACT_INLINE inline bool all_within(const pack<V, N> &x, scalar_t<V> bound) noexcept {
  auto most = as_integer(abs(x.part[0]));
  each_index<N - 1>([&](auto i) XACT_INLINE { most = (xsimd::max)(most, as_integer(abs(x.part[i + 1]))); });
  return !any_lane(as_integer(V(bound)) < most);
}

/// The first lane of a batch.
template <class T>
  requires std::is_arithmetic_v<T>
XACT_INLINE inline T first_lane(T x) noexcept {
  return x;
}
template <class T, class A> XACT_INLINE inline T first_lane(const xsimd::batch<T, A> &x) noexcept {
  if constexpr (requires { x.data[0]; }) {
    return x.data[0];
  } else {
    return x.get(0);
  }
}

/// Horner's rule: c0 + x*(c1 + x*(c2 + ...)).
template <class V> XACT_INLINE inline V polynomial(const V &, scalar_t<V> c0) noexcept { return V(c0); }
template <class V, class... C> XACT_INLINE inline V polynomial(const V &x, scalar_t<V> c0, C... rest) noexcept {
  return mul_add(polynomial(x, rest...), x, V(c0));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
