#pragma once

/// @file
/// The float kernels of softplus and log_sigmoid: max(x, 0) + g(a), a = abs(x), g(a) = log(1 + e^-a) from segments, and
/// e^x in the tail.

#include <xact/detail/gelu_far.hpp>
#include <xact/detail/softplus_tables.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// max(x, 0) + root^2 for x >= -S.limit, in the fast tier. For NaN x is the one NaN, here and below.
template <const auto &S, class V> [[gnu::always_inline]] inline V fast_softplus(const V &x) noexcept {
  const V root = evaluate<S>(place<S>(bounded_magnitude(x, S.limit)));
  return mul_add(root, root, at_least(x, V(0.0f)));
}

/// The same within 1 ULP, g itself in two parts. The sum's error is exact for x <= g, where it matters; for a larger x
/// it is off by at most half an ULP of x. The infinite sum has none: x again.
template <const auto &S, class V> [[gnu::always_inline]] inline V accurate_softplus(const V &x) noexcept {
  const two_part<V> g = evaluate_two_part<S>(place<S>(bounded_magnitude(x, S.limit)));
  const two_part<V> sum = fast_two_sum(g.hi, at_least(x, V(0.0f)));
  return at_least(x, V(sum.hi + V(sum.lo + g.lo)));
}

/// e^x * (1 - e^x/2) for x <= -15.
template <class V> [[gnu::always_inline]] inline V softplus_far(const V &x) noexcept {
  using I = integer_t<V>;
  const V from_below = at_least(x, V(-110.0f)); // where it rounds to 0
  const V magic(0x1.8p20f);                     // steps of 1/8
  const V shifted = mul_add(from_below, V(0x1.715476p0f), magic);
  const V n = shifted - magic;
  const V near = mul_add(n, V(-0x1.0bfbe8p-15f), mul_add(n, V(-0x1.62ep-1f), from_below));
  const V r = near + lookup(gelu_tanh_far_remainders, as_integer(shifted));
  const V more = mul_add(V(r * r), polynomial(r, 0.5f, 0x1.555556p-3f, 0x1.555556p-5f), r);
  const V power = as_float(I(as_integer(lookup(falling_powers, as_integer(shifted))) + (as_integer(shifted) << 20)));
  return mul_add(power, mul_add(power, V(-0x1p-65f), more), power) * V(0x1p-64f); // rounded last: it may be subnormal
}

/// The kernel of a tier.
template <class Tier, class V> [[gnu::always_inline]] inline V float_softplus(Tier, const V &x) noexcept {
  V y;
  float limit;
  if constexpr (std::is_same_v<Tier, tier::fast> && cheap_table<V> >= 32) {
    y = fast_softplus<softplus_fast_32>(x);
    limit = softplus_fast_32.limit;
  } else if constexpr (std::is_same_v<Tier, tier::fast>) {
    y = fast_softplus<softplus_fast_8>(x);
    limit = softplus_fast_8.limit;
  } else if constexpr (cheap_table<V> >= 32) {
    y = accurate_softplus<softplus_32>(x);
    limit = softplus_32.limit;
  } else {
    y = accurate_softplus<softplus_8>(x);
    limit = softplus_8.limit;
  }
  if (!all_at_least(x, -limit)) [[unlikely]] {
    const auto far = [](const auto &z) __attribute__((always_inline)) { return softplus_far(z); };
    y = replace_far(x, y, -limit, far);
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
