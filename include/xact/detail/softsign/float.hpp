#pragma once

/// @file
/// The float kernel of softsign and its derivative, with or without FMA: plain formulas.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// x / (1 + abs(x)).
template <class V> XACT_INLINE inline V float_softsign(const V &x) noexcept {
  const V a = at_most(abs(x), V(0x1p60f)); // from there on it rounds to 1
  return mul_sign(divide(a, V(V(1.0f) + a)), x);
}

/// 1 / (1 + abs(x))^2: the quotient is squared, as the square would overflow.
template <class V> XACT_INLINE inline V float_softsign_derivative(const V &x) noexcept {
  const V inverse = divide(V(1.0f), V(V(1.0f) + abs(x)));
  return inverse * inverse;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
