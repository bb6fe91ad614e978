#pragma once

/// @file
/// The derivative of mish, in double lanes, float's included.

#include <xact/detail/sigmoid/derivative.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// With v = e^-abs(x): v * (4 + 4x + (6 + 4x) v + 4 v^2 + v^3) / (2 + 2v + v^2)^2 for x < 0, else
/// (1 + 4v + (6 + 4x) v^2 + (4 + 4x) v^3) / (1 + 2v + 2v^2)^2. Far below the result rounds to -0, from 40 on to 1.
/// Near the root the first bracket cancels; with h = v - v_root and d = x - x_root it is (4 + 4 v_root) * d +
/// h * (6 + 4x + 4 * (v + v_root) + v^2 + v * v_root + v_root^2), whose terms agree in sign. Constants:
/// tests/sollya/slopes.py.
template <class Tier, class V> XACT_INLINE inline V mish_derivative(Tier, const V &x) noexcept {
  using N = derivative_number<Tier, V>;
  const V clamped = at_most(at_least(x, V(-underflow<Tier>)), V(40.0));
  const auto negative = clamped < V(0.0);
  const auto [v, deferred_scale] = exp_deferred(lanes<N>(minus_abs(clamped)));
  const N one = number<N>(1.0), two = number<N>(2.0), four = number<N>(4.0);
  const N four_x = lanes<N>(V(V(4.0) * clamped));
  const N four_and = sum(four_x, four);
  const N six_and = sum(four_x, number<N>(6.0));

  N above = sum(product(v, select(negative, one, four_and)), select(negative, four, six_and));
  above = sum(product(v, above), select(negative, six_and, four));
  above = sum(product(v, above), select(negative, four_and, one));
  if constexpr (has_double_doubles<N>) {
    const N d = sum(lanes<N>(clamped), number<N>(0x1.31432c0d12d84p+0, 0x1.bf319154da21p-55));
    const auto nearby = negative & (abs(d.hi) < V(0x1p-6));
    if (any_lane(nearby)) {
      const N at_root = number<N>(0x1.36c4202fc3eccp-2, 0x1.6d73a02f8d922p-56);
      const N h = product(expm1_reduced(select(nearby, d, number<N>(0.0))), at_root);
      const N both = sum(v, at_root);
      const N squares = sum(product(v, both), product(at_root, at_root));
      const N factor = sum(sum(six_and, squares), product(four, both));
      above = select(nearby, sum(product(d, product(four, sum(one, at_root))), product(h, factor)), above);
    }
  }
  above = select(negative, product(v, above), above);

  N below = sum(product(v, select(negative, one, two)), two);
  below = sum(product(v, below), select(negative, two, one));
  return round_result(Tier{}, quotient(above, product(below, below))) * select(negative, deferred_scale, V(1.0));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
