#pragma once

/// @file
/// e^-x in float without FMA and without a table. Either as a quotient (A - B)/(A + B), A even and B odd in the reduced
/// argument, that shares the kernel's own division: 7 operations instead of 12. Or as a polynomial, where the kernel
/// has no division, or too many roundings besides. The float kernels of targets that lack FMA are made of them.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The constants of e^(-rate*x), all in the unit of x, so that a rate costs no operation; from 1/64 to 64 in magnitude,
/// for the polynomial from 2^-20 to 2^20. The quotient is Pade's: A = 120 + 12t^2 and B = t*(60 + t^2), which errs by
/// 6e-9 for abs(t) <= ln2/2; both are divided by rate^3.
struct exp_rate {
  float rate;
  float steps;     ///< -rate/ln2
  float step;      ///< ln2/rate, its first 16 bits: a product with a whole number up to 256 is exact
  float step_low;  ///< what `step` lacks
  float even[2];   ///< A = even[0] + even[1]*t^2
  float odd;       ///< B = t*(odd + t^2)
  float fall[5];   ///< 1 - e^(-rate*t) = rate * (t - t^2*(fall[0] + fall[1]*t + ...)): tests/sollya/without_fma.sollya
  float underflow; ///< where x * e^(-rate*x) rounds to 0, for a rate of about 1

  constexpr explicit exp_rate(double r)
      : rate(static_cast<float>(r)), steps(static_cast<float>(-0x1.71547652b82fep0 * r)),
        step(first_bits(0x1.62e42fefa39efp-1 / r)),
        step_low(static_cast<float>(0x1.62e42fefa39efp-1 / r - static_cast<double>(step))),
        even{static_cast<float>(120 / (r * r * r)), static_cast<float>(12 / r)}, odd(static_cast<float>(60 / (r * r))),
        fall{static_cast<float>(0x1.fffffcp-2 * r), static_cast<float>(-0x1.55549p-3 * r * r),
             static_cast<float>(0x1.5558ap-5 * r * r * r), static_cast<float>(-0x1.123ac8p-7 * r * r * r * r),
             static_cast<float>(0x1.6a604ap-10 * r * r * r * r * r)},
        underflow(static_cast<float>(110 / r)) {}

private:
  static constexpr float first_bits(double x) {
    return __builtin_bit_cast(float, __builtin_bit_cast(std::int32_t, static_cast<float>(x)) & ~0xff);
  }
};
inline constexpr exp_rate unit_rate(1);

/// The first bits of the mantissa, of which products are exact.
template <int Bits, class V> XACT_INLINE inline V first_bits(const V &x) noexcept {
  return as_float(integer_t<V>(as_integer(x) & integer_t<V>(-(1 << (24 - Bits)))));
}

/// a*b, which no compiler fuses into a sum.
template <class V> XACT_INLINE inline V lone_product(const V &a, const V &b) noexcept {
  if constexpr (has_fma<V>) {
    return mul_add(a, b, V(scalar_t<V>(-0.0)));
  } else {
    return a * b;
  }
}

/// A whole number n and 2^(n + Bias), for -127 < n + Bias < 128.
template <class V> struct whole_power {
  V n;
  V power;
};
/// The whole number nearest to x * steps, or nearly.
template <int Bias, class V> XACT_INLINE inline whole_power<V> nearest_power(const V &x, float steps) noexcept {
  const V magic(0x1.8p23f + 127 + Bias);
  const V shifted = mul_add(x, V(steps), magic);
  return {shifted - magic, as_float(integer_t<V>(as_integer(shifted) << 23))};
}
#if defined(__AVX__) && !defined(__AVX2__)
// AVX shifts no integers in registers of 256 bits. A conversion makes the bits in 3 operations, halves in 5.
template <int Bias>
XACT_INLINE inline whole_power<xsimd::batch<float, xsimd::avx>> nearest_power(const xsimd::batch<float, xsimd::avx> &x,
                                                                              float steps) noexcept {
  using V = xsimd::batch<float, xsimd::avx>;
  const V magic(0x1.8p23f);
  const V n = mul_add(x, V(steps), magic) - magic;
  return {n, as_float(xsimd::to_int(mul_add(n, V(0x1p23f), V((127 + Bias) * 0x1p23f))))};
}
#endif
template <int Bias, class V, std::size_t N>
XACT_INLINE inline whole_power<pack<V, N>> nearest_power(const pack<V, N> &x, float steps) noexcept {
  whole_power<pack<V, N>> r;
  each_index<N>([&](auto i) XACT_INLINE {
    const auto part = nearest_power<Bias>(x.part[i], steps);
    r.n.part[i] = part.n;
    r.power.part[i] = part.power;
  });
  return r;
}

/// rate*x = n*ln2 + rate*t, and 2^(-n + Bias).
template <class V> struct power_reduced {
  V t;
  V power;
};
template <int Bias, class V> XACT_INLINE inline power_reduced<V> reduced(const V &x, const exp_rate &r) noexcept {
  const auto [n, power] = nearest_power<Bias>(x, r.steps);
  return {mul_add(n, V(r.step_low), mul_add(n, V(r.step), x)), power};
}

/// e^-x = above/below * 2^-Bias.
template <class V> struct undivided_exp {
  V even;
  V odd;
  V power;
  V above; ///< (even - odd) * power
  V below; ///< even + odd
};
/// From a reduced argument and the power taken from it.
template <class V>
XACT_INLINE inline undivided_exp<V> exp_quotient_of(const V &t, const V &power, const exp_rate &r) noexcept {
  const V square = lone_product(t, t);
  const V even = mul_add(square, V(r.even[1]), V(r.even[0]));
  const V odd = lone_product(t, V(square + V(r.odd)));
  return {even, odd, power, lone_product(V(even - odd), power), even + odd};
}
/// e^(-rate*x), undivided.
template <int Bias, class V>
XACT_INLINE inline undivided_exp<V> falling_exp(const V &x, const exp_rate &r = unit_rate) noexcept {
  const auto [t, power] = reduced<Bias>(x, r);
  return exp_quotient_of(t, power, r);
}
/// e^(-rate*(x + low)), undivided.
template <int Bias, class V>
XACT_INLINE inline undivided_exp<V> falling_exp(const V &x, const V &low, const exp_rate &r) noexcept {
  const auto [n, power] = nearest_power<Bias>(V(x + low), r.steps);
  return exp_quotient_of(V(mul_add(n, V(r.step), x) + mul_add(n, V(r.step_low), low)), power, r);
}

/// e^(-rate*x) = power * 2^-Bias * (1 - rate*fall), with its relative accuracy and that of `fall` where n = 0.
template <class V> struct exp_polynomial {
  V fall;
  V power;
};
template <int Bias, class V>
XACT_INLINE inline exp_polynomial<V> falling_exp_polynomial(const V &x, const exp_rate &r = unit_rate) noexcept {
  const auto [t, power] = reduced<Bias>(x, r);
  const V rest = polynomial(t, r.fall[0], r.fall[1], r.fall[2], r.fall[3], r.fall[4]);
  return {t - lone_product(V(lone_product(t, t)), rest), power};
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
