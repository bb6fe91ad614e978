#pragma once

/// @file
/// tanh of double lanes in two parts, for what is made of it.

#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/math/expm1_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// tanh(a) for a >= 0 in two parts, with a relative error below 2^-55.5: -m / (2 + m), m = e^-2a - 1. From 20 on it is
/// a little less than 1.
template <class V> XACT_INLINE inline double_double<V> tanh_double_double(const double_double<V> &a) noexcept {
  const auto beyond = V(20.0) < a.hi;
  const double_double<V> twice{V(a.hi * V(-2.0)), V(a.lo * V(-2.0))};
  const double_double<V> m = expm1_double_double(select(beyond, double_double<V>{V(-40.0), V(0.0)}, twice));
  const double_double<V> below = fast_two_sum(V(2.0), m.hi);
  const double_double<V> y = quotient(negated(m), double_double<V>{below.hi, V(below.lo + m.lo)});
  return select(beyond, double_double<V>{V(1.0), V(-0x1p-60)}, y);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
