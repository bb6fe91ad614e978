#pragma once

/// @file
/// e^x - 1 of double lanes, for elu and its relatives.

#include <xact/detail/math/exp_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^x - 1 for -700 <= x <= 0, with a relative error below 2^-56.
template <class V> XACT_INLINE inline double_double<V> expm1_double_double(const double_double<V> &x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(x);
  const double_double<V> e = expm1_reduced(r);
  const V scale = power_of_two(shifted);
  const double_double<V> rest = fast_two_sum(V(-1.0), scale);
  const double_double<V> sum = fast_two_sum(rest.hi, V(e.hi * scale));
  return {sum.hi, mul_add(e.lo, scale, V(sum.lo + rest.lo))};
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
