#pragma once

/// @file
/// softplus and its derivative in double lanes, float's included.

#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/math/log1p.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// log(1 + e^(beta x)) / beta of double lanes: (max(t, 0) + log(1 + e^-abs(t))) / beta with t = beta * x in two parts.
/// Tier exact is for rounding to float, with a relative error below 2^-50; else the result is within 0.7 ULP. From t =
/// 40 on it is x.
template <class Tier, class V> XACT_INLINE inline V softplus(Tier, const V &x, double beta) noexcept {
  constexpr bool for_float = std::is_same_v<Tier, nearly_exact>;
  const V lowest(for_float ? -700.0 : -1200.0);
  const double_double<V> t = two_product(at_most(at_least(x, V(-0x1p600)), V(0x1p600)), V(beta));
  const V minus_t = mul_sign(t.hi, V(-0.0));
  const V minus_a = mul_sign(abs(t.hi), V(-0.0));
  const double_double<V> from_below{at_least(minus_a, lowest),
                                    select(minus_a < lowest, V(0.0), mul_sign(t.lo, minus_t))};
  double_double<V> e;
  V deferred_scale(1.0);
  if constexpr (for_float) {
    e.hi = exp_for_float(from_below.hi);
    e.lo = mul_add(e.hi, from_below.lo, V(-0.0));
  } else {
    const auto [mantissa, scale, last] = exp_double_double(from_below);
    e = {mantissa.hi * scale, mantissa.lo * scale};
    deferred_scale = last;
  }
  const double_double<V> log = log1p_double_double(e);
  double_double<V> sum = two_sum(at_least(t.hi, V(0.0)), log.hi);
  sum.lo = sum.lo + V(log.lo + select(V(0.0) < t.hi, t.lo, V(0.0)));
  V y = round_result(Tier{}, sum);
  if (beta != 1) {
    const double_double<V> q = quotient(sum, double_double<V>{V(beta), V(0.0)});
    y = round_result(Tier{}, q);
  }
  return select(V(40.0) >= t.hi, V(y * deferred_scale), x); // a NaN too: see gelu_quick
}

/// 1 / (1 + e^-(beta x)) of double lanes: the derivative of softplus.
template <class Tier, class V> XACT_INLINE inline V softplus_derivative(Tier, const V &x, double beta) noexcept {
  using N = derivative_number<Tier, V>;
  const N t = product(lanes<N>(at_most(at_least(x, V(-0x1p600)), V(0x1p600))), number<N>(beta));
  const V high = high_part(t);
  const N from_below = select(V(underflow<Tier>) < abs(high), lanes<N>(mul_sign(V(underflow<Tier>), high)), t);
  const auto negative = high < V(0.0);
  const auto [e, deferred_scale] = exp_deferred(select(negative, from_below, negated(from_below)));
  const N one = number<N>(1.0);
  return round_result(Tier{}, quotient(select(negative, e, one), sum(one, e))) *
         select(negative, deferred_scale, V(1.0));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
