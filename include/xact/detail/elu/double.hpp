#pragma once

/// @file
/// elu, selu, celu and their derivatives in double lanes, float's included.

#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/math/expm1_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// factor * (e^x - 1) for x <= 0, in double lanes; x and factor in two parts. The result errs by 2^-56 before its only
/// rounding.
template <class Tier, class V>
XACT_INLINE inline V scaled_expm1(Tier, const double_double<V> &x, const double_double<double> &factor) noexcept {
  const V lowest(-60.0);
  const double_double<V> m =
      expm1_double_double(double_double<V>{at_least(x.hi, lowest), select(x.hi < lowest, V(0.0), x.lo)});
  if constexpr (std::is_same_v<Tier, tier::exact>) {
    return round_to_odd(product(m, double_double<V>{V(factor.hi), V(factor.lo)}));
  } else {
    return mul_add(V(factor.hi), m.hi, V(V(factor.hi) * m.lo));
  }
}

/// The same with an error of 2^-50.
template <class V>
XACT_INLINE inline V scaled_expm1(nearly_exact, const double_double<V> &x,
                                  const double_double<double> &factor) noexcept {
  return V(factor.hi) * expm1_for_float(at_least(x.hi, V(-37.0)));
}

/// factor * e^x for x <= 0, in double lanes: the derivative of all three.
template <class Tier, class N> XACT_INLINE inline auto times_exp(Tier, const N &x, const N &factor) noexcept {
  using V = decltype(high_part(x));
  constexpr double lowest = has_double_doubles<N> ? -1200 : -700;
  const auto beyond = high_part(x) < V(lowest);
  const auto [e, deferred_scale] = exp_deferred(select(beyond, number<N>(lowest), x));
  const V y = round_result(Tier{}, product(e, factor)) * deferred_scale;
  return V(select(beyond, mul_sign(V(0.0), high_part(factor)), y));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
