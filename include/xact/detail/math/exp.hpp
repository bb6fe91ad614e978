#pragma once

/// @file
/// The exponential cores that sigmoid, tanh, silu, gelu and softmax share.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/lanes/tables.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// x = n*ln2 + r, abs(r) <= ln2/2 * 1.0005.
template <class V> struct reduced_argument {
  V r;
  V shifted; ///< n + 1.5*2^52: the low bits of its mantissa are n
};

/// Reduces a double lane, abs(x) <= 1000. Both steps are exact or nearly so without FMA too: the first constant has 41
/// bits. One step alone leaves two misrounded floats.
template <class V> XACT_INLINE inline reduced_argument<V> reduce_by_ln2(const V &x) noexcept {
  const V magic(0x1.8p52);
  const V shifted = mul_add(x, V(0x1.71547652b82fep0), magic);
  const V n = shifted - magic;
  return {mul_add(n, V(0x1.8432a1b0e2634p-43), neg_mul_add(n, V(0x1.62e42fefa4p-1), x)), shifted};
}

/// y * 2^n, for a normal result.
template <class V> XACT_INLINE inline V scale_by(const V &y, const V &shifted) noexcept {
  return as_float(integer_t<V>(as_integer(y) + (as_integer(shifted) << 52)));
}

/// e^x in double lanes with a relative error below 2^-50, for rounding to float: abs(x) <= 700, NaN stays NaN when it
/// came from a float. Coefficients: tests/sollya/exp.sollya.
template <class V> XACT_INLINE inline V exp_for_float(const V &x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(x);
  const V p = polynomial(r, 1.0, 1.0, 0x1.ffffffffffed1p-2, 0x1.5555555550776p-3, 0x1.555555558934ap-5,
                         0x1.11111125c3b6dp-7, 0x1.6c16c0c7d5f1p-10, 0x1.a0198d1cebff5p-13, 0x1.a01b7cc2d6177p-16,
                         0x1.72e95f29f09efp-19, 0x1.2707ac2d2831ep-22);
  return scale_by(p, shifted);
}

/// Coefficients c of c0 + c1*x + ...
template <std::size_t N> struct series {
  double c[N];

  /// The coefficients of s*(c0 + c1*(s*x) + ...).
  constexpr series scaled(double s) const {
    series r{};
    double power = s;
    for (std::size_t k = 0; k < N; ++k, power *= s) {
      r.c[k] = c[k] * power;
    }
    return r;
  }
};
template <const auto &S, std::size_t From = 0, class V> XACT_INLINE inline V horner(const V &x) noexcept {
  if constexpr (From + 1 == sizeof(S.c) / sizeof(S.c[0])) {
    return V(S.c[From]);
  } else {
    return mul_add(horner<S, From + 1>(x), x, V(S.c[From]));
  }
}

// (e^x - 1)/x on +-ln2/2: tests/sollya/exp.sollya.
inline constexpr series<11> expm1_of_halves = {{0x1p+0, 0x1.0000000000005p-1, 0x1.555555555553bp-3,
                                                0x1.55555555520fbp-5, 0x1.1111111118834p-7, 0x1.6c16c17f35c04p-10,
                                                0x1.a01a0177f597dp-13, 0x1.a019a688b52abp-16, 0x1.71de80ef4971ep-19,
                                                0x1.28a2ab6e221a2p-22, 0x1.ae77c9dd89894p-26}};

/// e^x - 1 likewise, with its relative accuracy kept near 0; -37 <= x <= 700.
template <class V> XACT_INLINE inline V expm1_for_float(const V &x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(x);
  const V q = horner<expm1_of_halves, 1>(r);
  const V scale = scale_by(V(1.0), shifted);
  return mul_add(scale, mul_add(r * r, q, r), scale - V(1.0));
}

/// Whether lanes take 2^(j/8) from registers, and one step of reduction may do.
template <class V> inline constexpr bool has_power_table = cheap_table<V> >= 8 && has_fma<V>;

/// e^(s*x) = scale * (1 + r*q), r*q below 0.42.
template <class V> struct power_parts {
  V scale;
  V r;
  V q;

  XACT_INLINE V mantissa() const noexcept { return mul_add(r, q, V(1.0)); }
  /// e^(s*x) + 1. A mantissa that is taken twice is computed once.
  XACT_INLINE V plus_one() const noexcept {
    if constexpr (has_power_table<V>) {
      return mul_add(scale, mantissa(), V(1.0)); // the form below is up to 15 % slower
    } else {
      return mul_add(scale, V(r * q), V(scale + V(1.0))); // the form above misrounds one float in sigmoid
    }
  }
};

// (e^x - 1)/x on +-ln2/16, and 2^(j/8), whose bits lack j/8 (that of j = 2 one ulp up, which settles one float in
// sigmoid): tests/sollya/exp.sollya.
inline constexpr series<7> expm1_of_sixteenths = {{0x1p+0, 0x1.00000000000a1p-1, 0x1.55555555553c2p-3,
                                                   0x1.5555554ad4fbbp-5, 0x1.1111111866822p-7, 0x1.6c1c39148c2a4p-10,
                                                   0x1.a01a7b003b607p-13}};
inline constexpr table_of_doubles powers_of_2(table<double, 8>{
    {0x1p+0, 0x1.f72b83c7d517bp-1, 0x1.f06fe0a31b716p-1, 0x1.ebfdad5362a27p-1, 0x1.ea09e667f3bcdp-1,
     0x1.eace5422aa0dbp-1, 0x1.ee89f995ad3adp-1, 0x1.f5818dcfba487p-1}});
template <int Numerator, int Denominator>
inline constexpr auto expm1_series = expm1_of_sixteenths.scaled(double(Numerator) / Denominator);

/// e^(s*x) in double lanes with a relative error below 2^-50, for rounding to float. s = Numerator/Denominator, a power
/// of two or its negative, costs nothing: it is in the constants. abs(s*x) <= 700, NaN stays NaN when it came from a
/// float. Where registers can look up 2^(j/8), degree 7 instead of 11 (AVX-512: 25 % of silu, AVX2: 20 %). One step of
/// reduction errs by abs(s*x) * 2^-55: gelu's tail alone needs two.
template <int Numerator = 1, int Denominator = 1, int Steps = 1, class V>
XACT_INLINE inline power_parts<V> exp_parts(const V &x) noexcept {
  constexpr double s = double(Numerator) / Denominator;
  if constexpr (has_power_table<V>) {
    using Int = integer_t<V>;
    const V magic(0x1.8p49); // steps of 1/8
    const V shifted = mul_add(x, V(0x1.71547652b82fep0 * s), magic);
    const V n = shifted - magic;
    V r;
    if constexpr (Steps == 1) {
      r = neg_mul_add(n, V(0x1.62e42fefa39efp-1 / s), x);
    } else {
      r = mul_add(n, V(0x1.8432a1b0e2634p-43 / s), neg_mul_add(n, V(0x1.62e42fefa4p-1 / s), x));
    }
    const Int bits = as_integer(shifted);
    const Int scale = as_integer(lookup(powers_of_2, bits)) + (bits << 49);
    return {as_float(scale), r, horner<expm1_series<Numerator, Denominator>>(r)};
  } else {
    const auto [r, shifted] = reduce_by_ln2(V(x * V(s)));
    return {scale_by(V(1.0), shifted), r, horner<expm1_of_halves>(r)};
  }
}

/// y, which is not of the opposite sign, with the sign of x.
template <class V> XACT_INLINE inline V copy_sign(const V &x, const V &y) noexcept {
  return as_float(integer_t<V>(as_integer(y) | sign_bit(x)));
}

/// Settles the float results of odd subnormal x that lie, up to a positive term far below double's last bit, on a tie
/// at x/2. Smaller steps are lost, larger ones break other inputs. Results that round to zero need `copy_sign`.
template <class V> XACT_INLINE inline V nudge_off_midpoint(const V &y) noexcept { return y + V(0x1p-179); }
/// The same, with the sign of x.
template <class V> XACT_INLINE inline V nudge_off_midpoint(const V &y, const V &x) noexcept {
  return copy_sign(x, nudge_off_midpoint(y));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
