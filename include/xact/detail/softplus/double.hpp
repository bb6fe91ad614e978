#pragma once

/// @file
/// softplus and its derivative in double lanes: for the default tier of double (at most 4 ULP), for the accurate one,
/// and for float to be rounded to.

#include <xact/detail/math/derivative_number.hpp>
#include <xact/detail/math/log1p.hpp>
#include <xact/detail/sigmoid/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// The default tier.

/// log(1 + e^-u) / (2 * deferred_factor) for u >= 0 as 2 atanh(s), s = e / (2 + e), which shares the division.
/// Coefficients: tests/sollya/softplus_double.sollya.
template <class X> XACT_INLINE inline auto half_log1p_exp(const X &u) noexcept {
  const auto p = reduce_power<inverse_base>(u);
  using V = std::remove_cvref_t<decltype(p.t)>;
  const auto [above, below] = exp_quotient<inverse_base>(p.t);
  const V e = p.scale_by(above);
  const V scaled = e / mul_add(e, V(deferred_factor), V(below + below));
  const V s = scaled * V(deferred_factor);
  const V z = s * s;
  const V q = polynomial(z, 0x1.5555555555555p-2, 0x1.999999999a27ep-3, 0x1.24924923df5ddp-3, 0x1.c71c726c36ddfp-4,
                         0x1.745cf14e8a7bbp-4, 0x1.3b18a7819b48p-4, 0x1.10acea77875c4p-4, 0x1.eb8af54465fdep-5,
                         0x1.688a6d8d8a73ep-5, 0x1.4b0218d9bfea3p-4);
  return mul_add(V(scaled * z), q, scaled);
}

/// max(x, 0) + log(1 + e^-(beta * abs(x))) / beta.
template <class V> XACT_INLINE inline V softplus_in_double(const V &x, double beta) noexcept {
  const V a = at_most(abs(x), V(760 / beta));
  const V log = beta == 1 ? half_log1p_exp(a) : V(half_log1p_exp(two_product(a, V(beta))) / V(beta));
  return mul_add(log, V(2 * deferred_factor), at_least(x, V(0.0)));
}

/// min(x, 0) - log(1 + e^-abs(x)).
template <class V> XACT_INLINE inline V log_sigmoid_in_double(const V &x) noexcept {
  return neg_mul_add(half_log1p_exp(V(at_most(abs(x), V(760.0)))), V(2 * deferred_factor), at_most(x, V(-0.0)));
}

/// sigmoid(beta * x), the derivative of softplus.
template <class V> XACT_INLINE inline V softplus_derivative_in_double(const V &x, double beta) noexcept {
  if (beta == 1) {
    return sigmoid_in_double(x);
  }
  const double_double<V> t = two_product(at_most(at_least(x, V(-760 / beta)), V(40 / beta)), V(beta));
  return logistic_in_double(t);
}

/// sigmoid(-x), the derivative of log_sigmoid.
template <class V> XACT_INLINE inline V log_sigmoid_derivative_in_double(const V &x) noexcept {
  return sigmoid_in_double(mul_sign(x, V(-0.0)));
}

// Accurate.

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
