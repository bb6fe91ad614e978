#pragma once

/// @file
/// The float kernel of tanh and its derivative, where there is no FMA.

#include <xact/detail/sigmoid/float_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr exp_rate twice_rate(2);

/// (1 - v)/(1 + v), v = e^-2a = c*(A - B)/(A + B), c = 2^n: (A(1 - c) + B(1 + c))/(A(1 + c) + B(1 - c)). Near 0 c is 1
/// and it is B/A, as accurate as B.
template <class V> XACT_INLINE inline V tanh_without_fma(const V &x) noexcept {
  const auto e = falling_exp<0>(at_most(abs(x), V(9.1f)), twice_rate); // from 9.02 on the result is 1
  const V less = V(1.0f) - e.power;
  const V more = V(1.0f) + e.power;
  const V above = mul_add(e.even, less, lone_product(e.odd, more));
  const V below = mul_add(e.even, more, lone_product(e.odd, less));
  return mul_sign(divide(above, below), x);
}

template <class V> XACT_INLINE inline V tanh_derivative_without_fma(const V &x) noexcept {
  return sigmoid_derivative_without_fma<4>(x, twice_rate);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
