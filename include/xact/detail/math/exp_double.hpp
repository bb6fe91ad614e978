#pragma once

/// @file
/// The exponential core of the double kernels: results in two parts, errors far below double's last bit.

#include <xact/detail/math/exp.hpp>
#include <xact/detail/numbers/double_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// x = n*ln2 + r, abs(r) <= ln2/2 * 1.0005, r in two parts.
template <class V> struct reduced_arguments {
  double_double<V> r;
  V shifted; ///< n + 1.5*2^52: the low bits of its mantissa are n
};

/// Reduces a double lane with abs(x.hi) <= 1200, to 2^-85 absolutely. n times the first constant is exact.
template <class V> XACT_INLINE inline reduced_arguments<V> reduce_by_ln2(const double_double<V> &x) noexcept {
  const V magic(0x1.8p52);
  const V shifted = mul_add(x.hi, V(0x1.71547652b82fep0), magic);
  const V n = shifted - magic;
  const V high = neg_mul_add(n, V(0x1.62e42fefa4p-1), x.hi);
  const V low = mul_add(n, V(0x1.8432a1b0e2634p-43), x.lo);
  return {fast_two_sum(high, low), shifted};
}

/// e^r - 1 for a reduced r, in two parts, within 2^-57.9 absolutely and 2^-56.4 of the result, without FMA 2^-56.9 and
/// 2^-55.5: r + r^2/2 exactly, the rest by a polynomial in two halves, which is 10 % faster than one chain.
/// Coefficients (twice those of e^r from r^3 on): tests/sollya/exp_double.sollya.
template <class V> XACT_INLINE inline double_double<V> expm1_reduced(const double_double<V> &r) noexcept {
  const double_double<V> half_square = two_product(r.hi, V(r.hi * V(0.5)));
  const double_double<V> start = fast_two_sum(r.hi, half_square.hi);
  const V square = r.hi * r.hi;
  const V rest = mul_add(polynomial(square, 0x1.555555555555ap-4, 0x1.6c16c16c141fcp-9, 0x1.a01a01b1cb118p-15,
                                    0x1.27e4c3290da82p-21, 0x1.1f99258e13c8cp-28),
                         r.hi,
                         polynomial(square, 0x1.555555555555bp-2, 0x1.111111110ed94p-6, 0x1.a01a01b32524ep-12,
                                    0x1.71ddf0cccc4c1p-18, 0x1.af6af95457db6p-25));
  const V low = mul_add(r.lo, V(V(1.0) + start.hi), V(start.lo + half_square.lo));
  return fast_two_sum(start.hi, mul_add(V(r.hi * half_square.hi), rest, low));
}

/// 2^n for -1022 <= n <= 1023.
template <class V> XACT_INLINE inline V power_of_two(const V &shifted) noexcept {
  return as_float(integer_t<V>(as_integer(V(shifted + V(1023.0))) << 52));
}

/// A number as mantissa * scale * deferred_scale, both scales powers of two. The first keeps everything normal, so that
/// products and quotients may be formed before the last, which alone can round, is applied.
template <class V> struct scaled_double_double {
  double_double<V> mantissa; ///< in [0.70, 1.42]
  V scale;                   ///< at least 2^-800
  V deferred_scale;          ///< 1 when the number is at least 2^-800
};

/// e^x for -1200 <= x.hi <= 709.4 (or NaN) and abs(x.lo) <= 2^-40, with a relative error below 2^-58, without
/// FMA 2^-56.7.
template <class V> XACT_INLINE inline scaled_double_double<V> exp_double_double(const double_double<V> &x) noexcept {
  const reduced_arguments<V> reduced = reduce_by_ln2(x);
  const double_double<V> m = expm1_reduced(reduced.r);
  const double_double<V> sum = fast_two_sum(V(1.0), m.hi);
  const V magic(0x1.8p52);
  const V kept = at_least(reduced.shifted, V(magic - V(800.0)));
  return {{sum.hi, V(sum.lo + m.lo)}, power_of_two(kept), power_of_two(V((reduced.shifted - kept) + magic))};
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
