#pragma once

/// @file
/// The logarithm core of softplus and log_sigmoid.

#include <xact/detail/numbers/double_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// log(1 + e) for 0 <= e <= 1, in two parts, with a relative error below 2^-55. Above sqrt(2) it is ln2 + log(1 + f)
/// with 1 + f = (1 + e)/2. log(1 + f) = f - f^2/2 + s*(f^2/2 + R(s^2)), s = f/(2 + f): the first two terms are exact,
/// and what is rounded is at most 1/23 of the result. Coefficients: tests/sollya/log1p.sollya.
template <class V> XACT_INLINE inline double_double<V> log1p_double_double(const double_double<V> &e) noexcept {
  const auto upper = V(0x1.a827999fcef32p-2) < e.hi;
  const V factor = select(upper, V(0.5), V(1.0));
  const double_double<V> twice = fast_two_sum(select(upper, V(-1.0), V(0.0)), e.hi);
  const V f = twice.hi * factor;
  const V f_lo = V(twice.lo + e.lo) * factor;

  const V s = f / (V(2.0) + f);
  const V s2 = mul_add(s, s, V(-0.0));
  const V r = polynomial(s2, 0x1.5555555555558p-1, 0x1.99999999952fep-2, 0x1.2492492df3acdp-2, 0x1.c71c62dfd01f6p-3,
                         0x1.7462b6a5b8437p-3, 0x1.39fe18244b1ffp-3, 0x1.2b5bf656d32aep-3);
  const double_double<V> half_square = two_product(f, V(f * V(-0.5)));
  const V slope = polynomial(s, 1.0, -2.0, 2.0, -2.0); // 1/(1 + f), for f_lo
  const double_double<V> start = fast_two_sum(f, half_square.hi);
  const V low = neg_mul_add(s, neg_mul_add(s2, r, half_square.hi), mul_add(f_lo, slope, V(start.lo + half_square.lo)));

  const double_double<V> sum = fast_two_sum(select(upper, V(0x1.62e42fefa39efp-1), V(0.0)), start.hi);
  return fast_two_sum(sum.hi, V(sum.lo + V(low + select(upper, V(0x1.abc9e3b39803fp-56), V(0.0)))));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
