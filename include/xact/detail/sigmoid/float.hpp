#pragma once

/// @file
/// The float kernels that sigmoid, silu and gelu_quick share: y / (1 + e^(-scale*x)) for y = 1 and y = x, in the
/// default and the accurate tier.

#include <xact/detail/lanes/tables.hpp>
#include <xact/detail/numbers/tier.hpp>
#include <xact/detail/types/facts.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

// Constants: tests/sollya/sigmoid_float.py.
inline constexpr table<float, 32> standard_powers_32 = {
    0x1p-96f,        0x1.fd9b0ep-97f, 0x1.fb5588p-97f, 0x1.f9301ep-97f, 0x1.f72b84p-97f, 0x1.f54874p-97f,
    0x1.f387a8p-97f, 0x1.f1e9ep-97f,  0x1.f06fe2p-97f, 0x1.ef1a74p-97f, 0x1.edea66p-97f, 0x1.ece086p-97f,
    0x1.ebfdaep-97f, 0x1.eb42b6p-97f, 0x1.eab07ep-97f, 0x1.ea47ecp-97f, 0x1.ea09e8p-97f, 0x1.e9f76p-97f,
    0x1.ea1148p-97f, 0x1.ea589ap-97f, 0x1.eace54p-97f, 0x1.eb737cp-97f, 0x1.ec4918p-97f, 0x1.ed503cp-97f,
    0x1.ee89fap-97f, 0x1.eff77p-97f,  0x1.f199bep-97f, 0x1.f3720ep-97f, 0x1.f5818ep-97f, 0x1.f7c974p-97f,
    0x1.fa4afcp-97f, 0x1.fd0766p-97f};
// The same with two entries moved by a unit of their last place: within 5 ULP, but every float16 is rounded right.
inline constexpr table<float, 32> narrow_powers_32 = [] {
  auto powers = standard_powers_32;
  powers.entry[1] -= 0x1p-120f;
  powers.entry[8] += 0x1p-120f;
  return powers;
}();
inline constexpr table<float, 8> standard_powers_8 = {0x1p-96f,        0x1.f72b84p-97f, 0x1.f06fe2p-97f,
                                                      0x1.ebfdaep-97f, 0x1.ea09e8p-97f, 0x1.eace54p-97f,
                                                      0x1.ee89fap-97f, 0x1.f5818ep-97f};
inline constexpr table<float, 32> powers_32 = {
    0x1p-96f,     0x1.fd8p-97f, 0x1.fb8p-97f, 0x1.f9p-97f,  0x1.f7p-97f,  0x1.f58p-97f, 0x1.f38p-97f, 0x1.f2p-97f,
    0x1.f08p-97f, 0x1.efp-97f,  0x1.eep-97f,  0x1.edp-97f,  0x1.ecp-97f,  0x1.eb8p-97f, 0x1.ea8p-97f, 0x1.ea8p-97f,
    0x1.eap-97f,  0x1.eap-97f,  0x1.eap-97f,  0x1.ea8p-97f, 0x1.ebp-97f,  0x1.eb8p-97f, 0x1.ec8p-97f, 0x1.ed8p-97f,
    0x1.ee8p-97f, 0x1.fp-97f,   0x1.f18p-97f, 0x1.f38p-97f, 0x1.f58p-97f, 0x1.f8p-97f,  0x1.fa8p-97f, 0x1.fdp-97f};
inline constexpr table<float, 32> remainders_32 = {
    0x0p+0f,          0x1.a7a2b6p-12f,  -0x1.4547c6p-11f, 0x1.68d04ep-11f,  0x1.3f52aep-11f,  -0x1.8ea2cap-11f,
    0x1.ae102ap-14f,  -0x1.30302p-12f,  -0x1.b1ca6cp-13f, 0x1.5c500ap-12f,  -0x1.1656aep-12f, -0x1.8cc682p-12f,
    -0x1.ca8cep-16f,  -0x1.71dd4cp-11f, 0x1.1e885p-11f,   -0x1.44181cp-11f, 0x1.c00c4p-14f,   -0x1.7e30f4p-14f,
    0x1.766bd2p-13f,  -0x1.a1a1d8p-12f, -0x1.01998ap-11f, -0x1.fc5ffp-14f,  -0x1.10ab3ep-11f, -0x1.d04e66p-12f,
    0x1.7b9c1cp-14f,  -0x1.3ef782p-14f, 0x1.d5147ap-13f,  -0x1.f14ad2p-14f, 0x1.b1d1bap-17f,  -0x1.d1989ap-12f,
    -0x1.bade74p-12f, 0x1.e3cf2ep-15f};
inline constexpr table<float, 8> powers_8 = {0x1p-96f,    0x1.f7p-97f, 0x1.f08p-97f, 0x1.ecp-97f,
                                             0x1.eap-97f, 0x1.ebp-97f, 0x1.ee8p-97f, 0x1.f58p-97f};
inline constexpr table<float, 8> remainders_8 = {0x0p+0f,        0x1.3f52aep-11f,  -0x1.b1ca6cp-13f, -0x1.ca8cep-16f,
                                                 0x1.c00c4p-14f, -0x1.01998ap-11f, 0x1.7b9c1cp-14f,  0x1.b1d1bap-17f};

/// What depends on the scale. It costs no operation: the constants are in the unit of x, and t too.
struct logistic_scale {
  double scale;
  float steps;          ///< -scale/ln2
  float step;           ///< ln2/scale
  float step_low;       ///< what `step` lacks
  float standard_limit; ///< of abs(x), beyond which `far` takes over
  float accurate_limit; ///< in the accurate tier

  /// The coefficient of x^power that c is of (scale*x)^power.
  [[nodiscard]] constexpr float operator()(double c, int power) const {
    for (; power > 0; --power) {
      c *= scale;
    }
    return static_cast<float>(c);
  }
};
inline constexpr logistic_scale plain_scale = {1, -0x1.715476p+0f, 0x1.62e43p-1f, -0x1.05c61p-29f, 22, 16.5};
inline constexpr logistic_scale twice_scale = {2, -0x1.715476p+1f, 0x1.62e43p-2f, -0x1.05c61p-30f, 11, 8};
inline constexpr logistic_scale quick_scale = {1.702, -0x1.3a4cbep+1f, 0x1.a10754p-2f, -0x1.2f1edp-28f, 48, 48};

template <const auto &S, const auto &Remainders>
inline constexpr auto scaled_remainders = [] {
  auto t = Remainders;
  for (float &x : t.entry) {
    x = static_cast<float>(static_cast<double>(x) / S.scale);
  }
  return t;
}();

/// Which lanes take 32 table entries and short polynomials; the others take 8.
template <class V> inline constexpr bool has_32_entries = cheap_table<V> >= 32;

/// Calls f(t, m, shifted) with -x = m*step - t and m = n + j/N: the low bits of `shifted` hold j, those above n + 96.
template <const auto &S, class V, class F> XACT_INLINE inline auto split_power(const V &x, F f) noexcept {
  const V magic(has_32_entries<V> ? 0x1.8p18f + 96 : 0x1.8p20f + 96); // steps of 1/32 or 1/8
  const V shifted = mul_add(x, V(S.steps), magic);
  const V n = shifted - magic;
  return f(mul_add(n, V(S.step), x), n, as_integer(shifted));
}

/// 2^(n + j/N) from a table of 2^(j/N) whose bits lack 96 + j/N.
template <std::size_t N, class Int>
XACT_INLINE inline auto shifted_power(const table<float, N> &t, const Int &shifted) noexcept {
  return as_float(Int(as_integer(lookup(t, shifted)) + (shifted << (N == 32 ? 18 : 20))));
}

/// ((e^(-scale*t) - 1)/t + scale)/t for a t as above.
template <const auto &S, class V> XACT_INLINE inline V exponential_rest(const V &t) noexcept {
  if constexpr (has_32_entries<V>) {
    return polynomial(t, S(0x1.0000a2p-1, 2), S(-0x1.555468p-3, 3));
  } else {
    return polynomial(t, S(0x1p-1, 2), S(-0x1.556006p-3, 3), S(0x1.555174p-5, 4));
  }
}

/// e^(-scale*x) = power * (1 + t*slope): the power has ten bits, the rest of 2^(j/N) is in t.
template <class V> struct short_power {
  V power;
  V t;
  V slope;
};
template <const auto &S, class V> XACT_INLINE inline short_power<V> short_power_of(const V &x) noexcept {
  return split_power<S>(x, [&](const V &coarse, const V &n, const integer_t<V> &shifted) XACT_INLINE {
    short_power<V> r;
    // t = coarse + (n*step_low - remainder): what is in brackets does not wait for `coarse`
    const auto reduce = [&](const auto &remainders, const auto &powers) XACT_INLINE {
      r.t = coarse + mul_sub(n, V(S.step_low), lookup(remainders, shifted));
      r.power = shifted_power(powers, shifted);
    };
    if constexpr (has_32_entries<V>) {
      reduce(scaled_remainders<S, remainders_32>, powers_32);
    } else {
      reduce(scaled_remainders<S, remainders_8>, powers_8);
    }
    r.slope = mul_add(exponential_rest<S>(r.t), r.t, V(S(-1, 1)));
    return r;
  });
}

/// e^(-scale*x) = power * rest, rest within ln2/16 of 1 (ln2/64 with 32 entries), for abs(scale*x) <= 87, x of either
/// sign. With a scale of 1 or 2 the one constant `step` errs by 2^-29 of itself, else by four times that.
template <class V> struct plain_power {
  V power;
  V rest;
};
template <const auto &S, const table<float, 32> &Powers = standard_powers_32, class V>
XACT_INLINE inline plain_power<V> plain_power_of(const V &x) noexcept {
  return split_power<S>(x, [](const V &coarse, const V &n, const integer_t<V> &shifted) XACT_INLINE {
    V t = coarse;
    if constexpr (S.scale != 1 && S.scale != 2) {
      t = mul_add(n, V(S.step_low), coarse);
    }
    if constexpr (has_32_entries<V>) {
      return plain_power<V>{shifted_power(Powers, shifted),
                            polynomial(t, 0x1.fffffep-1f, S(-0x1.0000f6p+0, 1), S(0x1.ffff0ap-2, 2))};
    } else {
      return plain_power<V>{shifted_power(standard_powers_8, shifted),
                            polynomial(t, 0x1p+0f, S(-0x1p+0, 1), S(0x1.000a4ap-1, 2), S(-0x1.554d0cp-3, 3))};
    }
  });
}

/// x / (1 + e^(-scale*x)), or 1 / (1 + e^(-scale*x)), for abs(x) <= S.standard_limit within 4 ULP; NaN gives NaN,
/// anything else beyond is meaningless.
template <const auto &S, bool TimesX, const table<float, 32> &Powers, class V>
XACT_INLINE inline V standard_sigmoid(const V &x) noexcept {
  if constexpr (has_32_entries<V> && S.scale == 1) {
    // e^-t is (2 - t)/(2 + t) to within t^3/12, and one division does for all. A polynomial of degree 2 takes one
    // FMA more and is 8 % slower, a division by 1 + 2^n*T*e^-t. With another scale, x * (2/scale) would be rounded.
    return split_power<S>(x, [&](const V &t, const V &, const integer_t<V> &shifted) XACT_INLINE {
      const V two_plus = t + V(2.0f);
      const V denominator =
          mul_add(shifted_power(Powers, shifted), neg_mul_add(t, V(0x1.fffe3p-1f), V(2.0f)), two_plus);
      if constexpr (TimesX) {
        return divide(V(mul_add(x, t, V(x + x))), denominator); // x * two_plus would cost 4.2 ULP
      } else {
        return divide(two_plus, denominator);
      }
    });
  } else {
    const auto [power, rest] = plain_power_of<S, Powers>(x);
    return divide(TimesX ? x : V(1.0f), mul_add(power, rest, V(1.0f)));
  }
}

/// The same for abs(x) <= S.accurate_limit within 1 ULP. 1 + e^(-scale*x) = head + tail, of which head = 1 + power is
/// exact up to 2^24, the power having ten bits. What it leaves for scale*x > 9 is in `lost`. One quotient, corrected by
/// its residual.
template <const auto &S, bool TimesX, class V> XACT_INLINE inline V accurate_sigmoid(const V &x) noexcept {
  const auto [power, t, slope] = short_power_of<S>(x);
  const V head = V(1.0f) + power;
  V lost;
  if constexpr (static_cast<double>(S.accurate_limit) * S.scale <= 16.5) { // 2^24
    lost = power - (head - V(1.0f));
  } else {
    lost = at_most(power, V(1.0f)) - (head - at_least(power, V(1.0f)));
  }
  const V tail = mul_add(V(power * t), slope, lost);
  const V reciprocal = divide(V(1.0f), V(head + tail));
  const V q = TimesX ? V(x * reciprocal) : reciprocal;
  // q*(head + tail) - y rather than its negative: for x = -0 it is +0, and the result -0
  const V residual = mul_add(q, tail, mul_sub(q, head, TimesX ? x : V(1.0f)));
  return neg_mul_add(residual, reciprocal, q);
}

/// How many batches go through sigmoid and silu together. Of double one, with SSE2 four; of float in double three are
/// 20 % faster than one. In float, on a Zen 4: four in the accurate tier are 2 to 8 % faster than two with AVX-512, up
/// to 12 % with AVX2; in the default tier two are 5 to 12 % faster than one with AVX-512; with AVX2 one and four are
/// alike, g++'s two take a quarter more, and of 16-bit numbers four are 15 to 25 % faster.
inline constexpr facts::batches sigmoid_together = {has_32_entries<native<float>> ? 2u : 4u, 4, 3, by_width(4, 1, 1)};

/// y / (1 + e^-x) in a tier of float; the few lanes beyond its range come from `fallback`.
template <class Tier, const auto &S, bool TimesX, const table<float, 32> &Powers = standard_powers_32, class V, class F>
XACT_INLINE inline V float_sigmoid(const V &x, F fallback) noexcept {
  constexpr bool standard = std::is_same_v<Tier, tier::standard>;
  constexpr float limit = standard ? S.standard_limit : S.accurate_limit;
  V y;
  if constexpr (standard) {
    y = standard_sigmoid<S, TimesX, Powers>(x);
  } else {
    y = accurate_sigmoid<S, TimesX>(x);
  }
  if (!all_within(x, limit)) [[unlikely]] {
    y = select(V(limit) >= abs(x), y, fallback(x)); // a NaN is far: its bits would depend on the compiler
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
