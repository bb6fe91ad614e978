#pragma once

/// @file
/// e^x of double lanes for at most 4 ULP: the powers that the default tier's kernels are made of, without tables,
/// branches or numbers in two parts. Every product that meets a sum is a mul_add: g++ fuses bare ones in one place and
/// not in another.

#include <xact/detail/math/exp.hpp>
#include <xact/detail/numbers/double_double.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^(factor * x) as 2^(steps * x), and the length of a step, ln2 / factor, in two parts. The first has 41 bits, so
/// that n times it is exact without FMA too.
struct exp_base {
  double factor;
  double steps;
  double step;
  double step_low;

  /// e^(by * factor * x), `by` a power of two or its negative.
  constexpr exp_base times(double by) const { return {factor * by, steps * by, step / by, step_low / by}; }
};
inline constexpr exp_base natural_base{1, 0x1.71547652b82fep0, 0x1.62e42fefa4p-1, -0x1.8432a1b0e2634p-43};
inline constexpr exp_base inverse_base = natural_base.times(-1);        ///< e^-x
inline constexpr exp_base inverse_square_base = natural_base.times(-2); ///< e^-2x
inline constexpr exp_base inverse_root_base = natural_base.times(-0.5); ///< e^(-x/2)

/// Results are kept 2^128 times too large, so that nothing in between is subnormal, until the last multiplication, by
/// this, which alone rounds a subnormal result.
inline constexpr double deferred_factor = 0x1p-128;
inline constexpr int deferred_bits = 128;

/// e^(factor * x) = 2^n * e^(factor * t), abs(factor * t) <= ln2/2 * 1.0005.
template <class V> struct reduced_power {
  V t;
  integer_t<V> exponent; ///< n, and what was added to it, where a double has its exponent

  /// 2^n, where 1023 was added.
  XACT_INLINE V scale() const noexcept { return as_float(exponent); }
  /// y * 2^n for a y that is not 0. NaN is lost.
  XACT_INLINE V scale_by(const V &y) const noexcept { return as_float(integer_t<V>(as_integer(y) + exponent)); }
};

/// n = shifted - magic is to be `bias` too small in the end.
inline constexpr double magic_number(int bias) { return 0x1.8p52 + bias; }
template <class V> XACT_INLINE inline reduced_power<V> reduced_to(const V &t, const V &shifted) noexcept {
  return {t, integer_t<V>(as_integer(shifted) << 52)};
}

/// x is at most about 1100 / factor in magnitude.
template <const exp_base &B, class V>
XACT_INLINE inline reduced_power<V> reduce_power(const V &x, int bias = deferred_bits) noexcept {
  const V magic(magic_number(bias));
  const V shifted = mul_add(x, V(B.steps), magic);
  const V n = shifted - magic;
  return reduced_to(neg_mul_add(n, V(B.step_low), neg_mul_add(n, V(B.step), x)), shifted);
}
/// reduced_power of an x in two parts; t is in two parts too, of which the first is exact.
template <class V> struct reduced_power_in_parts {
  double_double<V> t;
  integer_t<V> exponent;
};
template <const exp_base &B, class V>
XACT_INLINE inline reduced_power_in_parts<V> reduce_power_in_parts(const double_double<V> &x, int bias) noexcept {
  const V magic(magic_number(bias));
  const V shifted = mul_add(x.hi, V(B.steps), magic);
  const V n = shifted - magic;
  return {{neg_mul_add(n, V(B.step), x.hi), neg_mul_add(n, V(B.step_low), x.lo)},
          integer_t<V>(as_integer(shifted) << 52)};
}
template <const exp_base &B, class V>
XACT_INLINE inline reduced_power<V> reduce_power(const double_double<V> &x, int bias = deferred_bits) noexcept {
  const auto [t, exponent] = reduce_power_in_parts<B>(x, bias);
  return {V(t.hi + t.lo), exponent};
}

/// A positive number that is not divided yet: it shares the division of what it goes into.
template <class V> struct fraction {
  V above;
  V below;
};

/// e^(factor * t), factor negative, as (A - B) / (A + B), A even and B odd: 7 operations instead of the 11 of a
/// polynomial; the error is below 2^-60. Both sums lie between 2^14 and 2^15, and well above 2^14, where they round
/// well. Coefficients: tests/sollya/exp_quotient_double.py.
template <const exp_base &B, class V> XACT_INLINE inline fraction<V> exp_quotient(const V &t) noexcept {
  constexpr double f = -B.factor, f2 = f * f, f4 = f2 * f2;
  const V s = t * t;
  const V even =
      mul_add(s, mul_add(s, V(0x1.b037658b4d81ap+4 * f4), V(0x1.7a4defad21566p+11 * f2)), V(0x1.a99aedb244302p+14));
  const V odd = mul_add(s, mul_add(s, V(0x1.ccccccccccccdp-1 * f4 * f), V(0x1.7a4544d9251bep+8 * f2 * f)),
                        V(0x1.a99aedb244302p+13 * f));
  return {neg_mul_add(t, odd, even), mul_add(t, odd, even)};
}

/// The coefficients of (e^(factor * t) - 1) / t.
template <const exp_base &B> inline constexpr auto expm1_over_t = expm1_of_halves.scaled(B.factor);

/// e^x * 2^bias / 2^1023.
template <const exp_base &B, class X> XACT_INLINE inline auto biased_exp(const X &x, int bias) noexcept {
  const auto p = reduce_power<B>(x, bias);
  return p.scale() * mul_add(p.t, horner<expm1_over_t<B>>(p.t), decltype(p.t)(1.0));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
