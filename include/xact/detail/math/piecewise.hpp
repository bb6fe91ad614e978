#pragma once

/// @file
/// Functions of a magnitude in pieces, a polynomial for each, with their coefficients in register tables.

#include <xact/detail/lanes/tables.hpp>
#include <xact/detail/numbers/double_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// N polynomials on [0, limit]. A value a belongs to the one of index a*(a + spread)/step, rounded: such pieces get
/// narrower towards the tail at the price of two instructions. Each polynomial is in a - centre.
template <std::size_t N, std::size_t Degree> struct piecewise {
  static constexpr std::size_t degree = Degree;

  float limit;
  float spread;
  float step; ///< a power of two
  table<float, N> centre;
  table<float, N> coefficient[Degree + 1];
};

/// The same in pieces of one width: a value belongs to the polynomial of index a/step, rounded, which is in a -
/// index*step.
template <std::size_t N, std::size_t Degree> struct even_piecewise {
  static constexpr std::size_t degree = Degree;

  float limit; ///< below (N - 1/2) * step
  float step;  ///< a power of two
  table<float, N> coefficient[Degree + 1];
};

/// Pieces of one width, each polynomial in a - centre.
template <std::size_t N, std::size_t Degree> struct centred_piecewise : even_piecewise<N, Degree> {
  table<float, N> centre;
};

/// abs(x), or `bound` where that is less; for NaN either.
template <class V> XACT_INLINE inline V bounded_abs(const V &x, scalar_t<V> bound) noexcept {
  return at_most(abs(x), V(bound));
}
#if defined(__AVX2__)
// As integers: any port does that, floats take two that are busy (6 % of the default tier).
template <class A>
  requires std::is_base_of_v<xsimd::avx2, A>
XACT_INLINE inline xsimd::batch<float, A> bounded_abs(const xsimd::batch<float, A> &x, float bound) noexcept {
  return as_float((xsimd::min)(as_integer(abs(x)), as_integer(xsimd::batch<float, A>(bound))));
}
#endif
#if defined(__AVX512DQ__)
// One instruction (12 % of the default tier).
template <class A>
  requires std::is_base_of_v<xsimd::avx512dq, A>
XACT_INLINE inline xsimd::batch<float, A> bounded_abs(const xsimd::batch<float, A> &x, float bound) noexcept {
  return xsimd::batch<float, A>(_mm512_range_ps(x.data, _mm512_set1_ps(bound), 0xa));
}
#endif
template <class V, std::size_t N>
XACT_INLINE inline pack<V, N> bounded_abs(const pack<V, N> &x, scalar_t<V> bound) noexcept {
  return each([bound](const V &p) XACT_INLINE { return bounded_abs(p, bound); }, x);
}

/// Where a value lies among segments.
template <class V> struct located {
  integer_t<V> index;
  V t; ///< a - centre, exact but near 0
};

/// For 0 <= a <= S.limit, or NaN.
template <const auto &S, class V> XACT_INLINE inline located<V> locate(const V &a) noexcept {
  const V magic(0x1.8p23f * S.step);
  if constexpr (requires { S.spread; }) {
    const auto index = as_integer(mul_add(a, V(a + V(S.spread)), magic));
    return {index, V(a - lookup(S.centre, index))};
  } else if constexpr (requires { S.centre; }) {
    const auto index = as_integer(V(a + magic));
    return {index, V(a - lookup(S.centre, index))};
  } else {
    const V shifted = a + magic;
    return {as_integer(shifted), V(a - V(shifted - magic))};
  }
}

/// The polynomial from coefficient `From` up: c_From + t*(c_(From+1) + ...).
template <const auto &S, std::size_t From = 0, class V> XACT_INLINE inline V evaluate(const located<V> &at) noexcept {
  if constexpr (From == S.degree) {
    return lookup(S.coefficient[From], at.index);
  } else {
    const V rest = evaluate<S, From + 1>(at); // first: g++ keeps this order, and all look-ups at once cost 5 %
    return mul_add(rest, at.t, lookup(S.coefficient[From], at.index));
  }
}

/// The polynomial, with the rounding errors of its last two steps in `lo`. For these to be exact, c0 must be at least
/// half of every value of its segment, or end in zero bits enough.
template <const auto &S, class V>
XACT_INLINE inline double_double<V> evaluate_double_double(const located<V> &at) noexcept {
  const V rest = evaluate<S, 2>(at);
  const V c1 = lookup(S.coefficient[1], at.index);
  const V slope = mul_add(rest, at.t, c1);
  const V slope_error = mul_add(rest, at.t, V(c1 - slope));
  const V c0 = lookup(S.coefficient[0], at.index);
  const V value = mul_add(slope, at.t, c0);
  return {value, mul_add(slope_error, at.t, mul_add(slope, at.t, V(c0 - value)))};
}

/// Whether x >= bound in every lane; with a NaN perhaps not. A minimum per part of a pack, and one comparison.
template <class V> XACT_INLINE inline bool all_at_least(const V &x, scalar_t<V> bound) noexcept {
  return !any_lane(x < V(bound));
}
template <class V, std::size_t N>
XACT_INLINE inline bool all_at_least(const pack<V, N> &x, scalar_t<V> bound) noexcept {
  V least = x.part[0];
  each_index<N - 1>([&](auto i) XACT_INLINE { least = at_most(least, x.part[i + 1]); });
  return xsimd::all(least >= V(bound)); // a NaN in `least` may hide a small lane of another part
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
