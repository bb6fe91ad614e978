#pragma once

/// @file
/// The float kernels of elu, selu and celu and their derivatives, where there is no FMA. No division: the relative
/// accuracy of e^-t - 1 is that of its polynomial.

#include <xact/detail/math/exp_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// (e^(rate*x) - 1)/rate for x <= 0, for other x meaningless: with e^(rate*x) = c*(1 - rate*fall), c = 2^n, it is (c -
/// 1)/rate - c*fall. Near 0 c is 1.
template <class V> XACT_INLINE inline V expm1_without_fma(const V &x, const exp_rate &r = unit_rate) noexcept {
  const auto e = falling_exp_polynomial<0>(at_most(abs(x), V(18 / r.rate)), r);
  const V below = e.power - V(1.0f);
  return neg_mul_add(e.power, e.fall, r.rate == 1 ? below : lone_product(below, V(1 / r.rate)));
}

/// factor * e^(rate*x) for x <= 0, for other x meaningless; 2^-20 <= factor <= 2^20.
template <class V>
XACT_INLINE inline V times_exp_without_fma(const V &x, float factor, const exp_rate &r = unit_rate) noexcept {
  const auto e = falling_exp_polynomial<70>(at_most(abs(x), V(125 / r.rate)), r);
  const V fall = r.rate == 1 ? e.fall : lone_product(e.fall, V(r.rate));
  return lone_product(lone_product(e.power, V(V(1.0f) - fall)), V(factor * 0x1p-70f));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
