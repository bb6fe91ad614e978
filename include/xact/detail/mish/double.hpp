#pragma once

/// @file
/// mish of double lanes, for the default tier (at most 4 ULP), and for the accurate one in two parts, rounded once.

#include <xact/detail/math/exp_quotient_double.hpp>
#include <xact/detail/sigmoid/double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// The default tier.

/// x * n / (n + 2), n = w * (w + 2), w = e^x; from 40 on x. Below -760 the result rounds to -0.
template <class V> XACT_INLINE inline V mish_in_double(const V &x) noexcept {
  const V clamped = at_least(at_most(x, V(40.0)), V(-760.0));
  const V scaled = biased_exp<natural_base>(clamped, 1023 + deferred_bits);
  const V w = scaled * V(deferred_factor);
  // Both sums times 1.75: a mantissa that is high rounds better.
  const V two_more = mul_add(scaled, V(1.75 * deferred_factor), V(3.5));
  const V y = V(clamped * V(scaled * two_more)) / mul_add(w, two_more, V(3.5)) * V(deferred_factor);
  return select(V(40.0) < x, x, y);
}

/// w * (4 + 4x + w * (6 + 4x + w * (4 + w))) / (2 + 2w + w^2)^2, w = e^x: 1 from 40 on.
template <class V> XACT_INLINE inline V mish_derivative_in_double(const V &x) noexcept {
  const V clamped = at_least(at_most(x, V(40.0)), V(-760.0));
  const V scaled = biased_exp<natural_base>(clamped, 1023 + deferred_bits);
  const V w = scaled * V(deferred_factor);
  const V cubic = mul_add(w, mul_add(scaled, V(deferred_factor), V(4.0)), mul_add(clamped, V(4.0), V(6.0)));
  const V above = mul_add(w, cubic, mul_add(clamped, V(4.0), V(4.0)));
  const V below = mul_add(w, mul_add(scaled, V(deferred_factor), V(2.0)), V(2.0));
  return V(scaled * above) / V(below * below) * V(deferred_factor);
}

// Accurate.

/// (2v + v^2) / (2v + v^2 + 2) for x < 0, (1 + 2v) / (1 + 2v + 2v^2) else, v = e^-abs(x). Below -760 the result
/// rounds to -0, from 40 on to x.
template <class V> XACT_INLINE inline V mish_double(const V &x) noexcept {
  const V from_below = at_least(x, V(-760.0));
  const V clamped = at_most(from_below, V(40.0));
  const auto negative = clamped < V(0.0);
  const auto [mantissa, scale, deferred_scale] = exp_double_double(double_double<V>{minus_abs(clamped), V(0.0)});
  const double_double<V> v{mantissa.hi * scale, mantissa.lo * scale};
  const double_double<V> square = product(v, v);
  const auto sum = [](const double_double<V> &a, const double_double<V> &b) XACT_INLINE {
    const double_double<V> s = two_sum(a.hi, b.hi);
    return double_double<V>{s.hi, V(s.lo + V(a.lo + b.lo))};
  };
  const double_double<V> first{select(negative, square.hi, V(1.0)), select(negative, square.lo, V(0.0))};
  const double_double<V> n = sum(double_double<V>{v.hi + v.hi, v.lo + v.lo}, first);
  const double_double<V> last{select(negative, V(2.0), V(square.hi + square.hi)),
                              select(negative, V(0.0), V(square.lo + square.lo))};
  const auto tiny = abs(x) < V(0x1p-900); // FTZ would cost 0.6 * x its low part
  const V y = rounded_product(V(from_below * select(tiny, V(0x1p100), V(1.0))), quotient(n, sum(n, last)));
  return select(V(40.0) < x, x, V(y * select(tiny, V(0x1p-100), deferred_scale)));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
