#pragma once

/// @file
/// The float kernels of softplus and log_sigmoid where there is no FMA. Their derivatives are sigmoid.

#include <xact/detail/math/exp_without_fma.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// max(x, 0) + log(1 + v), v = e^-abs(x) = E/P. log(1 + v) = 2*artanh(z) with z = v/(2 + v) = E/(2P + E): the
/// only division. Coefficients: tests/sollya/without_fma.sollya.
template <class V> XACT_INLINE inline V softplus_without_fma(const V &x) noexcept {
  const auto e = falling_exp<64>(at_most(abs(x), V(110.0f)));
  // 2z: as large as the result, so that flushing takes it with the result only. Its powers of two are in the constants.
  const V z = divide(V(e.above + e.above), mul_add(e.below, V(0x1p65f), e.above));
  const V artanh = polynomial(V(lone_product(z, z)), 0x1p0f, 0x1.555556p-1f * 0x1p-3f, 0x1.999864p-2f * 0x1p-5f,
                              0x1.24d7cep-2f * 0x1p-7f, 0x1.bb263cp-3f * 0x1p-9f, 0x1.e152dp-3f * 0x1p-11f);
  return mul_add(z, artanh, at_least(x, V(0.0f)));
}

template <class V> XACT_INLINE inline V log_sigmoid_without_fma(const V &x) noexcept {
  const V minus_zero(-0.0f);
  return mul_sign(softplus_without_fma(mul_sign(x, minus_zero)), minus_zero);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
