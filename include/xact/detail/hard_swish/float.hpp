#pragma once

/// @file
/// The float kernels of hard_swish and hard_sigmoid and the derivative, with or without FMA: plain formulas.

#include <xact/detail/lanes/ops.hpp>
#include <xact/detail/numbers/double_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// min(max(x + 3, 0), 6)/6. The sum is exact where it is small, and 6 * 0x1.555556p-3 rounds to 1.
template <class V> XACT_INLINE inline V float_hard_sigmoid(const V &x) noexcept {
  return at_most(at_least(V(x + V(3.0f)), V(0.0f)), V(6.0f)) * V(0x1.555556p-3f);
}

/// x * hard_sigmoid(x). From -3 down x is -3, so that -inf gives -0.
template <class V> XACT_INLINE inline V float_hard_swish(const V &x) noexcept {
  const V bounded = at_least(x, V(-3.0f));
  return bounded * V(at_most(V(bounded + V(3.0f)), V(6.0f)) * V(0x1.555556p-3f));
}

/// 0 for x <= -3, 1 for x >= 3, (2x + 3)/6 between, whose sum is exact where it is small.
template <class V> XACT_INLINE inline V float_hard_swish_derivative(const V &x) noexcept {
  const V y = V(V(x + x) + V(3.0f)) * V(0x1.555556p-3f);
  return select(x >= V(3.0f), V(1.0f), select(V(-3.0f) >= x, V(0.0f), y));
}

/// min(max(alpha*x + beta, 0), 1) as alpha*(x + beta/alpha): where that sum is small, it is exact up to the low part
/// of beta/alpha.
struct ramp {
  float slope, shift, shift_low;

  constexpr ramp(double alpha, const double_double<double> &root)
      : slope(static_cast<float>(alpha)), shift(static_cast<float>(root.hi)),
        shift_low(static_cast<float>(root.hi - static_cast<double>(shift) + root.lo)) {}
};
template <class V> XACT_INLINE inline V float_ramp(const V &x, const ramp &r) noexcept {
  const V sum = V(x + V(r.shift)) + V(r.shift_low);
  return at_most(at_least(V(sum * V(r.slope)), V(0.0f)), V(1.0f));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
