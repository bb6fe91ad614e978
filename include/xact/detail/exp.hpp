#pragma once

/// @file
/// The exponential cores that sigmoid, tanh, silu, gelu and softmax share.

#include <xact/detail/lane.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// x = n*ln2 + r, abs(r) <= ln2/2 * 1.0005.
template <class V> struct reduced {
  V r;
  V shifted; ///< n + 1.5*2^52: the low bits of its mantissa are n
};

/// Reduces a double lane, abs(x) <= 1000. Both steps are exact or nearly so without FMA too: the first constant has 41
/// bits. One step alone leaves two misrounded floats.
template <class V> [[gnu::always_inline]] inline reduced<V> reduce_by_ln2(const V &x) noexcept {
  const V magic(0x1.8p52);
  const V shifted = mul_add(x, V(0x1.71547652b82fep0), magic);
  const V n = shifted - magic;
  return {mul_add(n, V(0x1.8432a1b0e2634p-43), neg_mul_add(n, V(0x1.62e42fefa4p-1), x)), shifted};
}

/// y * 2^n, for a normal result.
template <class V> [[gnu::always_inline]] inline V scale_by(const V &y, const V &shifted) noexcept {
  return as_float(integer_t<V>(as_integer(y) + (as_integer(shifted) << 52)));
}

/// e^x in double lanes with a relative error below 2^-50, for rounding to float: abs(x) <= 700, NaN stays NaN when it
/// came from a float. Coefficients: tests/sollya/exp.sollya.
template <class V> [[gnu::always_inline]] inline V exp_for_float(const V &x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(x);
  const V p = polynomial(r, 1.0, 1.0, 0x1.ffffffffffed1p-2, 0x1.5555555550776p-3, 0x1.555555558934ap-5,
                         0x1.11111125c3b6dp-7, 0x1.6c16c0c7d5f1p-10, 0x1.a0198d1cebff5p-13, 0x1.a01b7cc2d6177p-16,
                         0x1.72e95f29f09efp-19, 0x1.2707ac2d2831ep-22);
  return scale_by(p, shifted);
}

/// e^x - 1 likewise, with its relative accuracy kept near 0; -37 <= x <= 700.
template <class V> [[gnu::always_inline]] inline V expm1_for_float(const V &x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(x);
  const V q = polynomial(r, 0x1.0000000000005p-1, 0x1.555555555553bp-3, 0x1.55555555520fbp-5, 0x1.1111111118834p-7,
                         0x1.6c16c17f35c04p-10, 0x1.a01a0177f597dp-13, 0x1.a019a688b52abp-16, 0x1.71de80ef4971ep-19,
                         0x1.28a2ab6e221a2p-22, 0x1.ae77c9dd89894p-26);
  const V scale = scale_by(V(1.0), shifted);
  return mul_add(scale, mul_add(r * r, q, r), scale - V(1.0));
}

/// Settles the float results of odd subnormal x that lie, up to a positive term far below double's last bit, on a tie
/// at x/2; the sign of x covers results that round to zero. Smaller steps are lost, larger ones break other inputs.
template <class V> [[gnu::always_inline]] inline V nudge_halves(const V &y, const V &x) noexcept {
  return as_float(integer_t<V>(as_integer(V(y + V(0x1p-179))) | sign_bit(x)));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
