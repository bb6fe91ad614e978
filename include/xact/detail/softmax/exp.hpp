#pragma once

/// @file
/// e^x in float lanes, as softmax sums it: scaled by a power of two, so that nothing overflows or becomes subnormal.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/lanes/tables.hpp>
#include <xact/detail/numbers/rounding.hpp>
#include <xact/detail/numbers/tier.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// Constants: tests/sollya/softmax_exp.py.
inline constexpr table<float, 8> softmax_powers_8 = {0x1p+0f,        0x1.f72b84p-1f, 0x1.f06fep-1f,  0x1.ebfdaep-1f,
                                                     0x1.ea09e6p-1f, 0x1.eace54p-1f, 0x1.ee89fap-1f, 0x1.f5818ep-1f};
inline constexpr table<float, 8> softmax_rests_8 = {0x0p+0f,          -0x1.9c0c22p-27f, 0x1.125002p-25f,
                                                    -0x1.0a3552p-25f, 0x1.26055cp-26f,  0x1.67a1cap-28f,
                                                    -0x1.f9c306p-27f, -0x1.a5217cp-28f};
inline constexpr table<float, 16> softmax_powers_16 = {0x1p+0f,        0x1.fb5586p-1f, 0x1.f72b84p-1f, 0x1.f387a6p-1f,
                                                       0x1.f06fep-1f,  0x1.edea64p-1f, 0x1.ebfdaep-1f, 0x1.eab07ep-1f,
                                                       0x1.ea09e6p-1f, 0x1.ea1148p-1f, 0x1.eace54p-1f, 0x1.ec4918p-1f,
                                                       0x1.ee89fap-1f, 0x1.f199bep-1f, 0x1.f5818ep-1f, 0x1.fa4afap-1f};
inline constexpr table<float, 16> softmax_rests_16 = {
    0x0p+0f,          0x1.8d96d4p-25f,  -0x1.9c0c22p-27f, 0x1.964902p-25f,  0x1.125002p-25f, 0x1.370be4p-25f,
    -0x1.0a3552p-25f, -0x1.00d8acp-27f, 0x1.26055cp-26f,  -0x1.05cb44p-25f, 0x1.67a1cap-28f, 0x1.a3b5e4p-28f,
    -0x1.f9c306p-27f, -0x1.6961b4p-28f, -0x1.a5217cp-28f, 0x1.61428ep-28f};
inline constexpr table<float, 32> softmax_powers_32 = {
    0x1p+0f,        0x1.fd9b0ep-1f, 0x1.fb5586p-1f, 0x1.f9301ep-1f, 0x1.f72b84p-1f, 0x1.f54874p-1f, 0x1.f387a6p-1f,
    0x1.f1e9ep-1f,  0x1.f06fep-1f,  0x1.ef1a74p-1f, 0x1.edea64p-1f, 0x1.ece086p-1f, 0x1.ebfdaep-1f, 0x1.eb42b6p-1f,
    0x1.eab07ep-1f, 0x1.ea47ecp-1f, 0x1.ea09e6p-1f, 0x1.e9f75ep-1f, 0x1.ea1148p-1f, 0x1.ea589ap-1f, 0x1.eace54p-1f,
    0x1.eb737cp-1f, 0x1.ec4918p-1f, 0x1.ed503cp-1f, 0x1.ee89fap-1f, 0x1.eff77p-1f,  0x1.f199bep-1f, 0x1.f3720ep-1f,
    0x1.f5818ep-1f, 0x1.f7c974p-1f, 0x1.fa4afap-1f, 0x1.fd0766p-1f};

/// The tier of results of 16 or 8 bits, whatever the caller's: as near as `fast`, with the same bits on every ISA.
struct narrow_results {};
template <class Tier>
inline constexpr bool is_fast = std::is_same_v<Tier, tier::standard> || std::is_same_v<Tier, narrow_results>;

/// Whether a tier's terms are floats. Without FMA the products lose too much, and the terms are the exact tier's
/// doubles.
template <class T, class Tier>
inline constexpr bool has_float_terms =
    std::is_same_v<T, float> &&
    (std::is_same_v<Tier, narrow_results> || (!std::is_same_v<Tier, tier::exact> && has_fma<native<float>>));

/// a*b + c of floats in one rounding on every ISA; where it is no instruction, the double sum is rounded to odd.
template <class V> XACT_INLINE inline V fused(const V &a, const V &b, const V &c) noexcept {
  if constexpr (has_fma<V>) {
    return mul_add(a, b, c);
  } else {
    using W = wide_t<V>;
    return to_float(round_to_odd(two_sum(W(to_double(a) * to_double(b)), W(to_double(c)))));
  }
}
template <class V> XACT_INLINE inline V fused_polynomial(const V &, scalar_t<V> c0) noexcept { return V(c0); }
template <class V, class... C> XACT_INLINE inline V fused_polynomial(const V &x, scalar_t<V> c0, C... rest) noexcept {
  return fused(fused_polynomial(x, rest...), x, V(c0));
}

/// e^x * 2^(64 - N), where N is a whole number near maximum/ln2, for x <= maximum: at most 1.42 * 2^64.
/// Relative error: default 0.56 * 2^-23, fast 2^-22; NaN gives NaN; where e^x is below e^(maximum - 105), -inf
/// included, a number below 2^-86 instead: a quotient below 2^-150, which is 0. (Nearer to 0, products here would be
/// subnormal: `fast` log_softmax with a third of the logits -inf then takes 1.25 times as long on Zen 4.) But for its
/// exponent, the result depends on x alone. x = (n + j/E)*ln2 + r with a table of E powers 2^(j/E). The float ln2 makes
/// r wrong by n*2^-29, which is common to all that count but for 2^-21 at most; the default tier corrects it. `Maximum`
/// is V where each lane has its own.
template <class Tier, class V, class Maximum = float> class scaled_exp {
public:
  /// Where the terms may be of this kind: the largest logit has to lie in here, and so has x.
  static constexpr float limit = 65536;
  static bool suits(double maximum) noexcept { return maximum <= double(limit) && maximum >= double(256 - limit); }

  XACT_INLINE static Maximum exponent(const Maximum &maximum) noexcept {
    return mul_add(maximum, Maximum(0x1.715476p+0f), Maximum(0x1.8p23f)) - Maximum(0x1.8p23f);
  }

  XACT_INLINE explicit scaled_exp(const Maximum &maximum) noexcept
      : lowest(maximum - Maximum(105.0f)),
        magic(Maximum(0x1.8p23f / entries) + Maximum(Maximum(64.0f) - exponent(maximum))) {}

  /// Those of the lanes, to be stored, and of one of them.
  XACT_INLINE double_double<Maximum> bounds() const noexcept { return {lowest, magic}; }
  XACT_INLINE explicit scaled_exp(const double_double<Maximum> &bounds) noexcept
      : lowest(bounds.hi), magic(bounds.lo) {}

  /// 64 - N
  double scale() const noexcept { return static_cast<double>(magic - 0x1.8p23f / entries); }

  XACT_INLINE V operator()(const V &x) const noexcept {
    return of(x, [](const V &r) XACT_INLINE { return r; });
  }
  /// e^(x.hi + x.lo); the same bits as that of x.hi where x.lo is 0.
  XACT_INLINE V operator()(const double_double<V> &x) const noexcept {
    return of(x.hi, [&](const V &r) XACT_INLINE { return V(r + x.lo); });
  }

  /// 1.41 to 2.84 times that of x, a power of two.
  template <class X> XACT_INLINE X power_above(const X &any) const noexcept {
    const X x = at_least(any, X(lowest));
    const float whole = magic - 0x1.8p23f / entries + (0x1.8p23f + 128);
    return as_float(integer_t<X>(as_integer(mul_add(x, X(0x1.715476p+0f), X(whole))) << 23));
  }

private:
  template <class F> XACT_INLINE V of(const V &any, const F &with_low) const noexcept {
    const V x = at_least(any, V(lowest));
    const V shifted = fused(x, V(0x1.715476p+0f), V(magic));
    const V n = shifted - V(magic);
    const V r = with_low(fused(n, V(-0x1.62e43p-1f), x));
    if constexpr (standard && entries == 32) {
      const V power = raised(softmax_powers_32, shifted);
      return mul_add(V(power * r), polynomial(r, 0x1.000124p+0f, 0x1.0000aep-1f), power);
    } else if constexpr (standard) {
      const V power = raised(softmax_powers_8, shifted);
      return fused(V(power * r), fused_polynomial(r, 0x1p+0f, 0x1.0008ep-1f, 0x1.556176p-3f), power);
    } else if constexpr (entries == 16) {
      const V t = r + rest(softmax_rests_16, n, shifted);
      const V power = raised(softmax_powers_16, shifted);
      return mul_add(power, mul_add(V(t * t), polynomial(t, 0x1.000252p-1f, 0x1.555764p-3f), t), power);
    } else {
      const V t = r + rest(softmax_rests_8, n, shifted);
      const V power = raised(softmax_powers_8, shifted);
      return mul_add(power, mul_add(V(t * t), polynomial(t, 0x1p-1f, 0x1.555cc8p-3f, 0x1.555e08p-5f), t), power);
    }
  }

  static constexpr bool small = std::is_same_v<Tier, narrow_results>;
  static constexpr bool standard = is_fast<Tier>;
  static constexpr int entries = small      ? 8
                                 : standard ? (cheap_table<V> >= 32 ? 32 : 8)
                                            : (cheap_table<V> >= 16 ? 16 : 8);

  /// 2^(n + j/entries + 64 - N).
  template <class T> XACT_INLINE static V raised(const T &powers, const V &shifted) noexcept {
    constexpr int shift = entries == 32 ? 18 : entries == 16 ? 19 : 20;
    const integer_t<V> bits = as_integer(shifted);
    return as_float(integer_t<V>(as_integer(lookup(powers, bits)) + (bits << shift)));
  }

  /// What the float ln2 and the float T[j] lack.
  template <class T> XACT_INLINE static V rest(const T &rests, const V &n, const V &shifted) noexcept {
    return mul_add(n, V(0x1.05c61p-29f), lookup(rests, as_integer(shifted)));
  }

  Maximum lowest;
  Maximum magic; ///< whole numbers of 1/entries have their low bits in the mantissa of this plus them
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
