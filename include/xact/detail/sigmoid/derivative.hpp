#pragma once

/// @file
/// Derivatives of the activations made of the logistic function, in double lanes, float's included.

#include <xact/detail/math/derivative_number.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// factor * e / (1 + e)^2 with e = e^-abs(u), given -abs(u) and a power of two: the derivative of the logistic
/// function.
template <class Tier, class V>
XACT_INLINE inline V logistic_derivative(Tier, const V &minus_u, double factor) noexcept {
  using N = derivative_number<Tier, V>;
  const auto [e, deferred_scale] = exp_deferred(lanes<N>(minus_u));
  const N s = sum(number<N>(1.0), e);
  return round_result(Tier{}, quotient(e, product(s, s))) * V(deferred_scale * V(factor));
}

template <class Tier, class V> XACT_INLINE inline V sigmoid_derivative(Tier, const V &x) noexcept {
  return logistic_derivative(Tier{}, at_least(minus_abs(x), V(-underflow<Tier>)), 1.0);
}

template <class Tier, class V> XACT_INLINE inline V tanh_derivative(Tier, const V &x) noexcept {
  const V a = at_least(minus_abs(x), V(-underflow<Tier> / 2));
  return logistic_derivative(Tier{}, V(a + a), 4.0);
}

/// A gated unit x / (1 + e^-u(x)), u odd and growing, at a = abs(x). Its derivative is e * (1 + e - v) / (1 + e)^2 at
/// -a and (1 + e + e * v) / (1 + e)^2 at a, e = e^-u(a), v = a * u'(a).
template <class N> struct gate {
  N u;                             ///< u(a)
  N v;                             ///< a * u'(a)
  N u_beside;                      ///< u(a) - u(root): near the root with its own relative accuracy
  N v_beside;                      ///< a * u'(a) - v(root)
  double_double<double> e_at_root; ///< v(root) - 1, which is e^-u(root)
};

/// Near the root 1 + e - v cancels. There it is e_at_root * (e^-(u - u_root) - 1) - (v - v_root), whose terms agree in
/// sign: the result keeps its relative accuracy all the way. A float next to the root needs that for exact rounding
/// only.
template <class Tier, class N, class M>
XACT_INLINE inline auto gated_derivative(Tier, const gate<N> &g, const M &negative) noexcept {
  const auto [e, deferred_scale] = exp_deferred(negated(g.u));
  using V = std::remove_cvref_t<decltype(deferred_scale)>;
  const N s = sum(number<N>(1.0), e);
  N rest = sum(s, negated(g.v));
  if constexpr (has_double_doubles<N>) {
    const auto nearby = negative & (abs(g.u_beside.hi) < V(0x1p-6));
    if (any_lane(nearby)) {
      const N m = expm1_reduced(select(nearby, negated(g.u_beside), number<N>(0.0)));
      const N change = product(m, number<N>(g.e_at_root.hi, g.e_at_root.lo));
      rest = select(nearby, sum(change, negated(g.v_beside)), rest);
    }
  }
  const N above = select(negative, product(e, rest), sum(s, product(e, g.v)));
  return V(round_result(Tier{}, quotient(above, product(s, s))) * select(negative, deferred_scale, V(1.0)));
}

/// u = v = a: the derivative of silu at a or -a. Constants: tests/sollya/slopes.py.
template <class Tier, class N, class M>
XACT_INLINE inline auto logistic_gate_derivative(Tier, const N &a, const M &negative) noexcept {
  const N beside = sum(a, number<N>(-0x1.474973c84120bp+0, -0x1.f8d74bc9ac154p-54));
  return gated_derivative(Tier{}, gate<N>{a, a, beside, beside, {0x1.1d25cf210482ep-2, -0x1.ca2d0d94faaecp-60}},
                          negative);
}

/// Far below the result rounds to -0, from 60 on to 1. Near 0 only a cubic term, far below the errors made here,
/// keeps floats off ties: the series gives those.
template <class Tier, class V> XACT_INLINE inline V silu_derivative(Tier, const V &x) noexcept {
  const V clamped = at_most(at_least(x, V(-underflow<Tier>)), V(60.0));
  const V a = abs(clamped);
  const V y = logistic_gate_derivative(Tier{}, lanes<derivative_number<Tier, V>>(a), clamped < V(0.0));
  if constexpr (std::is_same_v<Tier, tier::exact>) {
    const V cubic = polynomial(V(a * a), -1.0 / 12, 1.0 / 80, -17.0 / 10080);
    return select(a < V(0x1p-9), near_half(clamped, double_double<double>{0.5, 0.0}, cubic), y);
  } else {
    return y;
  }
}

/// silu' at 1.702 x. Constants: tests/sollya/decimals.py.
template <class Tier, class V> XACT_INLINE inline V gelu_quick_derivative(Tier, const V &x) noexcept {
  using N = derivative_number<Tier, V>;
  const V clamped = at_most(at_least(x, V(-underflow<Tier> / 1.702)), V(40.0));
  const N u = product(lanes<N>(abs(clamped)), number<N>(0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55));
  return logistic_gate_derivative(Tier{}, u, clamped < V(0.0));
}

/// u = a * (l + c a^2), v = a * (l + 3 c a^2). Below -22 the result rounds to -0, from 8 on to 1. Constants:
/// tests/sollya/slopes.py.
template <class Tier, class V> XACT_INLINE inline V gelu_tanh_derivative(Tier, const V &x) noexcept {
  using N = derivative_number<Tier, V>;
  const V clamped = at_most(at_least(x, V(has_double_doubles<N> ? -22.0 : -16.0)), V(8.0));
  const N a = lanes<N>(abs(clamped));
  const N linear = number<N>(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
  const N cubic = number<N>(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c7p-61);
  const N three = number<N>(3.0);
  const N square = product(product(a, a), cubic);
  // With d = a - root: u(a) - u(root) = d * (l + c * (a^2 + a * root + root^2)), v likewise with 3c.
  const N root = number<N>(0x1.81429f9e97e4dp-1, -0x1.4f523ed77dbdcp-55);
  const N beside = sum(a, negated(root));
  const N squares = sum(square, product(product(sum(a, root), root), cubic));
  const gate<N> g{product(a, sum(linear, square)),
                  product(a, sum(linear, product(three, square))),
                  product(beside, sum(linear, squares)),
                  product(beside, sum(linear, product(three, squares))),
                  {0x1.2af64e9c485eep-2, -0x1.3ca470b477afcp-57}};
  return gated_derivative(Tier{}, g, clamped < V(0.0));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
