#pragma once

/// @file
/// Terms: 2^(logit - exponent of the row) times a fixed power of two, for a logit in base 2 that is a whole number (of
/// eighths) and a rest. A term is a function of its logit alone, up to a power of two. Three kinds: `fused_terms`,
/// `unfused_terms` of floats, `double_terms`. Constants: tests/sollya/softmax.py.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/lanes/tables.hpp>
#include <xact/detail/numbers/rounding.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr double log2_e[] = {0x1.71547652b82fep0, 0x1.777d0ffda0d24p-56, -0x1.60bb8a5442ab9p-110};
inline constexpr double log_2[] = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/// A logit in base 2, up to a whole number: in steps of 1/8 (of 1), and what is left.
template <class V> struct logit {
  V whole, rest;
};

/// The product of an element and a scale in base 2 is made with the scale in two parts.
template <class T> struct scale_in_base_2 {
  T hi = 0, lo = 0;
};

/// a * b, rounded: never fused into the sum that it feeds.
template <class V> XACT_INLINE inline V rounded(const V &a, const V &b) noexcept {
  if constexpr (has_fma<V>) {
    return mul_add(a, b, V(scalar_t<V>(-0.0)));
  } else {
    return a * b;
  }
}

/// a * b + c of floats in one rounding on every ISA: where it is no instruction, the double sum is rounded to odd.
template <class V> XACT_INLINE inline V fused(const V &a, const V &b, const V &c) noexcept {
  if constexpr (has_fma<V>) {
    return mul_add(a, b, c);
  } else {
    using W = wide_t<V>;
    double_double<W> sum = two_sum(W(to_double(a) * to_double(b)), W(to_double(c)));
    sum.lo = select(abs(sum.hi) < W(infinity_of<double>), sum.lo, W(0.0));
    return to_float(round_to_odd(sum));
  }
}

/// a * b - c in the same way.
template <class V> XACT_INLINE inline V fused_less(const V &a, const V &b, const V &c) noexcept {
  if constexpr (has_fma<V>) {
    return mul_sub(a, b, c);
  } else {
    return fused(a, b, V(V(scalar_t<V>(0)) - c));
  }
}

/// a * b exactly, with the same two parts on every ISA.
template <class V> XACT_INLINE inline double_double<V> exact_product(const V &a, const V &b) noexcept {
  const V p = rounded(a, b);
  if constexpr (has_fma<V>) {
    return {p, mul_sub(a, b, p)};
  } else {
    const auto [ah, al] = cut(a);
    const auto [bh, bl] = cut(b);
    return {p, V(V(V(V(ah * bh - p) + ah * bl) + al * bh) + al * bl)};
  }
}

// Every kind has: `magic`, whose neighbours are one step apart; `eighth`, the steps in a whole number; `top` and
// `depth`: terms are below 2^(top + 1), and 0 below 2^(top - depth); `limit`, the largest abs(logit) in base 2 that
// `of` takes; `sum_bits`, to which their sum is rounded.

/// Floats by fused multiply-adds: a table of eight powers in a register and a polynomial of degree 4. The same bits on
/// every ISA, slowly where it has no FMA. Error: the rest .36 u, the polynomial's last product and sum, and the table's
/// entry, 1.6 u (u = 2^-24).
struct fused_terms {
  using scalar = float;
  static constexpr float magic = 0x1.8p20f;
  static constexpr int steps = 8, top = 64, depth = 153, sum_bits = 27;
  static constexpr double limit = 0x1p18;
  static constexpr bool natural_rest = false; ///< whether rests are in base e

  static bool takes(double scale) noexcept {
    const double c = __builtin_fabs(scale);
    return c >= 0x1p-60 && c <= 0x1p60;
  }
  static scale_in_base_2<float> in_base_2(double scale) noexcept {
    if (scale == 1) { // a lone short row would wait for it
      constexpr auto one = static_cast<float>(log2_e[0]);
      return {one, static_cast<float>(log2_e[0] - static_cast<double>(one))};
    }
    const double_double<double> c = product(scale, double_double<double>{log2_e[0], log2_e[1]});
    const auto hi = static_cast<float>(c.hi);
    return {hi, static_cast<float>((c.hi - static_cast<double>(hi)) + c.lo)};
  }

  /// a * b + c as results of this kind are made.
  template <class V> XACT_INLINE static V product_and(const V &a, const V &b, const V &c) noexcept {
    return fused(a, b, c);
  }

  /// Logit scale * x, plus `shift`: a number whose neighbours are one step apart, for what is whole.
  template <class V>
  XACT_INLINE static logit<V> of(const V &x, const scale_in_base_2<float> &c, const V &shift) noexcept {
    const V whole = fused(x, V(c.hi), shift);
    return {whole, fused(x, V(c.lo), fused_less(x, V(c.hi), V(whole - shift)))};
  }

  template <class V> XACT_INLINE static V term(const logit<V> &z) noexcept {
    static constexpr table<float, 8> powers = {0x1p+0f,        0x1.f72b84p-1f, 0x1.f06fep-1f,  0x1.ebfdaep-1f,
                                               0x1.ea09e6p-1f, 0x1.eace54p-1f, 0x1.ee89fap-1f, 0x1.f5818ep-1f};
    using Int = integer_t<V>;
    const Int bits = as_integer(z.whole);
    const V power = as_float(Int(as_integer(lookup(powers, bits)) + (bits << 20)));
    V p(0x1.3b3006p-7f);
    for (const float c : {0x1.c6bb8ep-5f, 0x1.ebfbep-3f, 0x1.62e43p-1f}) {
      p = fused(p, z.rest, V(c));
    }
    return fused(rounded(power, z.rest), p, power);
  }
};

/// Floats without FMA: e^r = 1 + (r + r^2*p(r)) with abs(r) <= log(2)/2. Scales are powers of two, so that products are
/// exact, and log(2) has few enough bits that products with whole numbers are.
struct unfused_terms {
  using scalar = float;
  static constexpr float magic = 0x1.8p23f;
  static constexpr int steps = 1, top = 64, depth = 153, sum_bits = 27;
  static constexpr double limit = 500;
  static constexpr bool natural_rest = true;

  static bool takes(double scale) noexcept {
    const double c = __builtin_fabs(scale);
    return c >= 0x1p-60 && c <= 0x1p60 && (__builtin_bit_cast(std::uint64_t, c) << 12) == 0;
  }
  static scale_in_base_2<float> in_base_2(double scale) noexcept { return {static_cast<float>(scale), 0}; }

  template <class V> XACT_INLINE static V product_and(const V &a, const V &b, const V &c) noexcept {
    return rounded(a, b) + c;
  }

  template <class V>
  XACT_INLINE static logit<V> of(const V &element, const scale_in_base_2<float> &c, const V &shift) noexcept {
    const V x = element * V(c.hi);
    const V whole = rounded(x, V(0x1.715476p+0f)) + shift;
    const V n = whole - shift;
    return {whole, V(V(x - rounded(n, V(0x1.62e4p-1f))) - rounded(n, V(0x1.7f7d1cp-20f)))};
  }

  template <class V> XACT_INLINE static V term(const logit<V> &z) noexcept {
    using Int = integer_t<V>;
    V p(0x1.6d687cp-10f);
    for (const float c : {0x1.123c3ep-7f, 0x1.5554dp-5f, 0x1.55548ep-3f, 0x1p-1f}) {
      p = rounded(p, z.rest) + V(c);
    }
    const V e = V(1.0f) + V(z.rest + rounded(rounded(z.rest, z.rest), p));
    return as_float(Int(as_integer(e) + (as_integer(z.whole) << 23)));
  }
};

/// Doubles: 2^r by a polynomial of degree 11, abs(r) <= 1/2. `SameBits`: the same on every ISA, by products that are
/// rounded before they are added. Error: 2^-57.8 and the roundings of the last steps, 1.1 u (u = 2^-53).
template <bool SameBits> struct double_terms {
  using scalar = double;
  static constexpr double magic = 0x1.8p52;
  static constexpr int steps = 1, top = 500, depth = 1080, sum_bits = 53;
  static constexpr double limit = 0x1p40;
  static constexpr bool natural_rest = false;

  static bool takes(double scale) noexcept {
    const double c = __builtin_fabs(scale);
    return c >= 0x1p-400 && c <= 0x1p400;
  }
  static scale_in_base_2<double> in_base_2(double scale) noexcept {
    const double_double<double> c = product(scale, double_double<double>{log2_e[0], log2_e[1]});
    return {c.hi, c.lo};
  }

  template <class V> XACT_INLINE static V product_and(const V &a, const V &b, const V &c) noexcept {
    return SameBits ? V(rounded(a, b) + c) : mul_add(a, b, c);
  }

  template <class V>
  XACT_INLINE static logit<V> of(const V &x, const scale_in_base_2<double> &c, const V &shift) noexcept {
    const double_double<V> p = exact_product(x, V(c.hi));
    const V whole = p.hi + shift;
    return {whole, V(V(p.hi - V(whole - shift)) + V(p.lo + rounded(x, V(c.lo))))};
  }

  template <class V> XACT_INLINE static V term(const logit<V> &z) noexcept {
    using Int = integer_t<V>;
    V p(0x1.ea86648e53c1dp-32);
    for (const double c : {0x1.e619627af37b4p-28, 0x1.b52475174639bp-24, 0x1.62bfc918b9407p-20, 0x1.ffcbfcb2cc01cp-17,
                           0x1.4309130e0ce94p-13, 0x1.5d87fe78912f4p-10, 0x1.3b2ab6fba06bp-7, 0x1.c6b08d704a15cp-5,
                           0x1.ebfbdff82c5a1p-3, 0x1.62e42fefa39efp-1, 1.0}) {
      p = product_and(p, z.rest, V(c));
    }
    return as_float(Int(as_integer(p) + (as_integer(z.whole) << 52)));
  }
};

/// double_terms where a term is the double nearest to it but for the error of the rest, .35 u, and what that leaves.
struct accurate_double_terms : double_terms<false> {
  /// The term in two parts.
  template <class V> XACT_INLINE static double_double<V> parts(const logit<V> &z) noexcept {
    using Int = integer_t<V>;
    V p(0x1.ea86648e53c1dp-32);
    for (const double c : {0x1.e619627af37b4p-28, 0x1.b52475174639bp-24, 0x1.62bfc918b9407p-20, 0x1.ffcbfcb2cc01cp-17,
                           0x1.4309130e0ce94p-13, 0x1.5d87fe78912f4p-10, 0x1.3b2ab6fba06bp-7, 0x1.c6b08d704a15cp-5,
                           0x1.ebfbdff82c5a1p-3}) {
      p = mul_add(p, z.rest, V(c));
    }
    const double_double<V> slope = fast_two_sum(V(log_2[0]), rounded(p, z.rest));
    const double_double<V> s = exact_product(z.rest, slope.hi);
    const double_double<V> sum = fast_two_sum(V(1.0), s.hi);
    const double_double<V> e = fast_two_sum(sum.hi, V(sum.lo + mul_add(z.rest, slope.lo, s.lo)));
    const V power = as_float(Int(as_integer(V(1.0)) + (as_integer(z.whole) << 52)));
    return {V(e.hi * power), V(e.lo * power)};
  }
};

template <class K> [[gnu::noinline]] auto base_2_of(double scale) noexcept { return K::in_base_2(scale); }

/// The even whole number near x: a row's exponent, even, so that rounding to steps does not hang on it.
XACT_INLINE inline double even_near(double x) noexcept { return 2 * ((x * 0.5 + 0x1.8p52) - 0x1.8p52); }
/// The multiple of 64, two bins of a sum, near x: what far rows are counted from, so that their bins lie alike.
inline double origin_near(double x) noexcept { return 32 * even_near(x * 0x1p-5); }

/// Whether terms are to be had in two parts.
template <class K> inline constexpr bool has_parts = requires(logit<native<double>> z) { K::parts(z); };

/// The whole part of logits that are to be shifted so that a row's exponent becomes 2^top.
template <class K> XACT_INLINE inline auto shift_of(double exponent) noexcept {
  return static_cast<typename K::scalar>(static_cast<double>(K::magic) + (K::top - exponent));
}

/// A term, or 0 far below the row's largest: without subnormal products, and -inf gives 0. NaN stays NaN.
template <class K, class V> XACT_INLINE inline V term_of(const logit<V> &z) noexcept {
  using T = typename K::scalar;
  return select(z.whole < V(K::magic + T(K::top - K::depth)), V(T(0)), K::term(z));
}
template <class K, class V> XACT_INLINE inline double_double<V> term_parts_of(const logit<V> &z) noexcept {
  const double_double<V> t = K::parts(z);
  const auto is_low = z.whole < V(K::magic + (K::top - K::depth));
  return {select(is_low, V(0.0), t.hi), select(is_low, V(0.0), t.lo)};
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
