#pragma once

/// @file
/// The derivatives of the activations made of the logistic function in float. Default tier: one quotient of e = e^-x, x
/// of either sign. Nothing has two parts, and the root of silu' needs no care: what e errs by there is 2^-24/21, far
/// inside the bound of 8 ULP of 1/8. 1 + e is one FMA of what e is the product of, so that no compiler may fuse it one
/// way here and another there. Slower (AVX2, AVX-512, g++ 12 and clang 14, Emerald Rapids): 1/(1 + e) and e/(1 + e)
/// from one reciprocal 4 to 14 %, e^-x by a polynomial of degree 5 without a table 6 to 20 %. Accurate tier: quotients
/// over (1 + e)^2 with e = e^-abs(x), e and 1 + e in two parts.

#include <xact/detail/math/falling_power.hpp>
#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/sigmoid/float.hpp>
#include <xact/detail/types/facts.hpp>

#include <utility>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// How many batches of the default tier's derivatives go together. On a Zen 4 four are 4 to 18 % faster than one with
/// both compilers and ISAs, 0 to 8 % faster than two; of the accurate tier two, 5 to 10 %.
inline constexpr facts::batches derivative_together = {4, 2, 1, 2};

/// e^(-scale*x), and 1 + that.
template <class V> struct logistic_terms {
  V e;
  V d;
};
template <const auto &S, class V> XACT_INLINE inline logistic_terms<V> logistic_terms_of(const V &x) noexcept {
  const auto [power, rest] = plain_power_of<S>(x);
  return {V(power * rest), mul_add(power, rest, V(1.0f))};
}

/// y, but fallback(x) where abs(x) > bound, and where x is NaN: its bits would depend on the compiler.
template <class V, class F>
XACT_INLINE inline V replace_tails(const V &x, const V &y, scalar_t<V> bound, F fallback) noexcept {
  if (!all_within(x, bound)) [[unlikely]] {
    return select(V(bound) >= abs(x), y, fallback(x));
  }
  return y;
}

/// Up to here e*e is a float.
inline constexpr float square_limit = 43;

/// Factor * e^(-Twice * abs(x)), all that is left of sigmoid' and tanh' beyond `square_limit`, with its subnormals.
template <int Twice, int Factor, class V> XACT_INLINE inline V logistic_derivative_tail(const V &x) noexcept {
  return fall<plain_fall>(V(at_most(abs(x), V(120.0f / Twice)) * V(float(Twice))), -float(Factor));
}

/// (1 - a) * e^-a below, a = abs(u): all that is left of silu', gelu_quick' and mish' there; 1 above. u = x * scale, to
/// which `low` belongs.
template <class V> XACT_INLINE inline V gate_derivative_tail(const V &x, const V &u, const V &low) noexcept {
  const V a = at_most(abs(u), V(120.0f));
  return select(V(0.0f) < x, V(1.0f), fall<plain_fall>(a, low, V(a - V(1.0f))));
}

/// y, but `top` where f'(x) rounds to that: with 32 entries the polynomial of e^-t is a unit off 1 at 0.
template <class V> XACT_INLINE inline V top_at_0(const V &x, const V &y, float top) noexcept {
  if constexpr (has_32_entries<V>) {
    return select(abs(x) < V(0x1p-13f), V(top), y);
  } else {
    return y;
  }
}

/// e / (1 + e)^2.
template <class V> XACT_INLINE inline V standard_sigmoid_derivative(const V &x) noexcept {
  const auto [e, d] = logistic_terms_of<plain_scale>(x);
  return replace_tails(x, top_at_0(x, divide(e, V(d * d)), 0.25f), square_limit,
                       [](const V &z) XACT_INLINE { return logistic_derivative_tail<1, 1>(z); });
}

/// e / (1/2 + e/2)^2, e = e^-2x.
template <class V> XACT_INLINE inline V standard_tanh_derivative(const V &x) noexcept {
  const auto [power, rest] = plain_power_of<twice_scale>(x);
  const V e = power * rest;
  const V d = mul_add(e, V(0.5f), V(0.5f));
  return replace_tails(x, top_at_0(x, divide(e, V(d * d)), 1.0f), square_limit / 2,
                       [](const V &z) XACT_INLINE { return logistic_derivative_tail<2, 4>(z); });
}

/// (1 + e + u*e) / (1 + e)^2, e = e^-u.
template <class V> XACT_INLINE inline V gate_derivative(const V &u, const logistic_terms<V> &t) noexcept {
  return divide(mul_add(u, t.e, t.d), V(t.d * t.d));
}
template <class V> XACT_INLINE inline V standard_silu_derivative(const V &x) noexcept {
  return replace_tails(x, gate_derivative(x, logistic_terms_of<plain_scale>(x)), square_limit,
                       [](const V &z) XACT_INLINE { return gate_derivative_tail(z, z, V(0.0f)); });
}

/// silu' at u = 1.702 x. Constants: tests/sollya/decimals.py.
template <class V> XACT_INLINE inline V standard_gelu_quick_derivative(const V &x) noexcept {
  const V factor(0x1.b3b646p+0f);
  const V y = gate_derivative(V(x * factor), logistic_terms_of<quick_scale>(x));
  return replace_tails(x, y, 25.0f, [&](const V &z) XACT_INLINE {
    const V a = at_most(abs(z), V(70.0f));
    const V u = mul_add(a, factor, V(-0.0f));
    return gate_derivative_tail(z, u, mul_add(a, V(-0x1.78d4fep-26f), mul_sub(a, factor, u)));
  });
}

// An activation and its derivative from one exponential and one division: what the gradients of a gated unit take.

/// As `replace_tails`, of both.
template <class V, class F, class D>
XACT_INLINE inline std::pair<V, V> replace_tails(const V &x, const std::pair<V, V> &y, scalar_t<V> bound, F value,
                                                 D derivative) noexcept {
  if (!all_within(x, bound)) [[unlikely]] {
    const auto within = V(bound) >= abs(x);
    return {select(within, y.first, value(x)), select(within, y.second, derivative(x))};
  }
  return y;
}

/// 1 / (1 + e) and e / (1 + e)^2.
template <class V> XACT_INLINE inline std::pair<V, V> standard_sigmoid_and_derivative(const V &x) noexcept {
  const auto [e, d] = logistic_terms_of<plain_scale>(x);
  const V r = divide(V(1.0f), d);
  return replace_tails(
      x, std::pair<V, V>{r, V(V(e * r) * r)}, square_limit,
      [](const V &z)
          XACT_INLINE { return select(V(0.0f) < z, V(1.0f), fall<plain_fall>(at_most(abs(z), V(120.0f)), -1.0f)); },
      [](const V &z) XACT_INLINE { return logistic_derivative_tail<1, 1>(z); });
}

/// x / (1 + e), and (1 + x*e/(1 + e)) / (1 + e).
template <class V> XACT_INLINE inline std::pair<V, V> standard_silu_and_derivative(const V &x) noexcept {
  const auto [e, d] = logistic_terms_of<plain_scale>(x);
  const V r = divide(V(1.0f), d);
  const V y = x * r;
  return replace_tails(
      x, std::pair<V, V>{y, mul_add(y, V(e * r), r)}, square_limit,
      [](const V &z) XACT_INLINE {
        const V a = at_most(abs(z), V(120.0f));
        return select(V(0.0f) < z, z, fall<plain_fall>(a, V(0.0f), a));
      },
      [](const V &z) XACT_INLINE { return gate_derivative_tail(z, z, V(0.0f)); });
}

// The accurate tier.

/// e^-a = e + low for 0 <= a <= 60, e of ten bits, low at most 1.1 % of it (4.4 % with 8 table entries) and right to
/// 2^-23 of itself; 1 + e = head + lost.
template <class V> struct split_exponential {
  V e, low, head, lost;
};
template <class V> XACT_INLINE inline split_exponential<V> exponential_below(const V &a) noexcept {
  split_exponential<V> r;
  const auto [power, t, slope] = short_power_of<plain_scale>(a);
  r.e = power;
  r.low = mul_add(V(power * t), slope, V(-0.0f));
  r.head = V(1.0f) + r.e;
  r.lost = r.e - (r.head - V(1.0f));
  return r;
}

/// above / (1 + e)^2, above in two parts: the quotient is corrected by its residual.
template <class V>
XACT_INLINE inline V over_square(const double_double<V> &above, const split_exponential<V> &x) noexcept {
  const V tail = x.low + x.lost;
  const V square = mul_add(x.head, x.head, V(-0.0f));
  const V square_lo = mul_add(tail, V(V(x.head + x.head) + tail), mul_sub(x.head, x.head, square));
  const V reciprocal = divide(V(1.0f), V(square + square_lo));
  const V q = mul_add(above.hi, reciprocal, V(-0.0f));
  const V residual = neg_mul_add(q, square_lo, V(neg_mul_add(q, square, above.hi) + above.lo));
  return mul_add(residual, reciprocal, q);
}

/// Factor * e / (1 + e)^2 at a = Twice * abs(x), Factor a power of two; fallback(x) gives the lanes with a > 60.
template <int Twice, int Factor, class V, class F>
XACT_INLINE inline V accurate_logistic_derivative(const V &x, F fallback) noexcept {
  constexpr float limit = 60.0f / Twice;
  const auto e = exponential_below(V(at_most(abs(x), V(limit)) * V(float(Twice))));
  V y = over_square(double_double<V>{e.e, e.low}, e) * V(float(Factor));
  if (!all_within(x, limit)) [[unlikely]] {
    y = select(V(limit) < abs(x), fallback(x), y);
  }
  return y;
}

/// silu'(-a) = e * (1 + e - a) / (1 + e)^2, silu'(a) = 1 - silu'(-a); fallback(x) gives the lanes below -60 and near
/// the root, where the error of e would show.
template <class V, class F> XACT_INLINE inline V accurate_silu_derivative(const V &x, F fallback) noexcept {
  constexpr float limit = 60.0f;
  const auto negative = x < V(0.0f);
  const V a = at_most(abs(x), V(limit));
  const auto e = exponential_below(a);
  const V coarse = e.head - a; // 1 + e - a without e.low
  const V a_error = two_sum(e.head, mul_sign(a, V(-0.0f))).lo;
  const auto [rest, rest_lo] = fast_two_sum(coarse, V(a_error + V(e.low + e.lost)));
  const V above = mul_add(e.e, rest, V(-0.0f));
  const V above_lo = mul_add(e.low, rest, mul_add(e.e, rest_lo, mul_sub(e.e, rest, above)));
  V y = over_square(double_double<V>{above, above_lo}, e);
  y = select(negative, y, V(V(1.0f) - y));
  constexpr float near_root = has_32_entries<V> ? 0x1.8p-7f : 0x1.8p-5f; // e.low is up to half of it
  const auto hard = negative & ((abs(coarse) < V(near_root)) | (x < V(-limit)));
  if (any_lane(hard)) [[unlikely]] {
    y = select(hard, fallback(x), y);
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
