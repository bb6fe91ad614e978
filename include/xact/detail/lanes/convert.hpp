#pragma once

/// @file
/// float lanes to double lanes and back, in registers.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What a float lane becomes in double: twice as many registers.
template <class V> struct wide {
  using type = double;
};
template <class A> struct wide<xsimd::batch<float, A>> {
  using type = pack<xsimd::batch<double, A>, 2>;
};
template <class A, std::size_t N> struct wide<pack<xsimd::batch<float, A>, N>> {
  using type = pack<xsimd::batch<double, A>, 2 * N>;
};
template <class V> using wide_t = typename wide<V>::type;

// xsimd 13.2 cannot widen float, and no version narrows double: the registers' own instructions where they are known,
// else through memory.
#if defined(__AVX512F__)
XACT_INLINE inline void split(__m512 x, __m512d &lo, __m512d &hi) noexcept {
  lo = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
  hi = _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(x), 1)));
}
XACT_INLINE inline void join(__m512d lo, __m512d hi, __m512 &x) noexcept {
  x = _mm512_castpd_ps(_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_castps_pd(_mm512_cvtpd_ps(lo))),
                                          _mm256_castps_pd(_mm512_cvtpd_ps(hi)), 1));
}
#endif
#if defined(__AVX__)
XACT_INLINE inline void split(__m256 x, __m256d &lo, __m256d &hi) noexcept {
  lo = _mm256_cvtps_pd(_mm256_castps256_ps128(x));
  hi = _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1));
}
XACT_INLINE inline void join(__m256d lo, __m256d hi, __m256 &x) noexcept {
  x = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(lo)), _mm256_cvtpd_ps(hi), 1);
}
#endif
#if defined(__SSE2__)
XACT_INLINE inline void split(__m128 x, __m128d &lo, __m128d &hi) noexcept {
  lo = _mm_cvtps_pd(x);
  hi = _mm_cvtps_pd(_mm_movehl_ps(x, x));
}
XACT_INLINE inline void join(__m128d lo, __m128d hi, __m128 &x) noexcept {
  x = _mm_movelh_ps(_mm_cvtpd_ps(lo), _mm_cvtpd_ps(hi));
}
#elif defined(__aarch64__)
XACT_INLINE inline void split(float32x4_t x, float64x2_t &lo, float64x2_t &hi) noexcept {
  lo = vcvt_f64_f32(vget_low_f32(x));
  hi = vcvt_high_f64_f32(x);
}
XACT_INLINE inline void join(float64x2_t lo, float64x2_t hi, float32x4_t &x) noexcept {
  x = vcvt_high_f32_f64(vcvt_f32_f64(lo), hi);
}
#endif

XACT_INLINE inline double to_double(float x) noexcept { return static_cast<double>(x); }
XACT_INLINE inline float to_float(double x) noexcept { return static_cast<float>(x); }

template <class A>
XACT_INLINE inline pack<xsimd::batch<double, A>, 2> to_double(const xsimd::batch<float, A> &x) noexcept {
  using D = xsimd::batch<double, A>;
  pack<D, 2> r;
  if constexpr (requires { split(x.data, r.part[0].data, r.part[1].data); }) {
    split(x.data, r.part[0].data, r.part[1].data);
  } else {
    constexpr std::size_t n = D::size;
    float from[2 * n];
    double to[2 * n];
    x.store_unaligned(from);
    for (std::size_t i = 0; i < 2 * n; ++i) {
      to[i] = from[i];
    }
    r.part[0] = D::load_unaligned(to);
    r.part[1] = D::load_unaligned(to + n);
  }
  return r;
}

template <class A>
XACT_INLINE inline xsimd::batch<float, A> to_float(const pack<xsimd::batch<double, A>, 2> &x) noexcept {
  using F = xsimd::batch<float, A>;
  F r;
  if constexpr (requires { join(x.part[0].data, x.part[1].data, r.data); }) {
    join(x.part[0].data, x.part[1].data, r.data);
  } else {
    constexpr std::size_t n = xsimd::batch<double, A>::size;
    double from[2 * n];
    float to[2 * n];
    x.part[0].store_unaligned(from);
    x.part[1].store_unaligned(from + n);
    for (std::size_t i = 0; i < 2 * n; ++i) {
      to[i] = static_cast<float>(from[i]);
    }
    r = F::load_unaligned(to);
  }
  return r;
}

template <class A, std::size_t N> XACT_INLINE inline auto to_double(const pack<xsimd::batch<float, A>, N> &x) noexcept {
  pack<xsimd::batch<double, A>, 2 * N> r;
  each_index<N>([&](auto i) XACT_INLINE {
    const auto w = to_double(x.part[i]);
    r.part[2 * i] = w.part[0];
    r.part[2 * i + 1] = w.part[1];
  });
  return r;
}

template <class A, std::size_t N>
  requires(N > 2)
XACT_INLINE inline auto to_float(const pack<xsimd::batch<double, A>, N> &x) noexcept {
  pack<xsimd::batch<float, A>, N / 2> r;
  each_index<N / 2>([&](auto i) XACT_INLINE {
    pack<xsimd::batch<double, A>, 2> two;
    two.part[0] = x.part[2 * i];
    two.part[1] = x.part[2 * i + 1];
    r.part[i] = to_float(two);
  });
  return r;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
