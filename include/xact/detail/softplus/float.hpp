#pragma once

/// @file
/// The float kernels of softplus and log_sigmoid: max(x, 0) + g(a), a = abs(x), g(a) = log(1 + e^-a) from segments, and
/// e^x in the tail.

#include <xact/detail/gelu/tail.hpp>
#include <xact/detail/softplus/tables.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// max(x, d) + root^2, root^2 = g - d, for x >= -S.limit, in the default tier. Without d = 2^-25 it would not be log(2)
/// at 0: no float's square rounds to that.
template <const auto &S, class V> XACT_INLINE inline V standard_softplus(const V &x) noexcept {
  const V root = evaluate<S>(locate<S>(bounded_abs(x, S.limit)));
  return mul_add(root, root, at_least(x, V(0x1p-25f)));
}

/// The same within 1 ULP, with g itself, in two parts. The error of its sum with x is exact where x <= g; above, where
/// g.lo counts less and less, it is right to half an ULP of x. For infinity it is NaN, and x the larger.
template <const auto &S, class V> XACT_INLINE inline V accurate_softplus(const V &x) noexcept {
  const double_double<V> g = evaluate_double_double<S>(locate<S>(bounded_abs(x, S.limit)));
  const double_double<V> sum = fast_two_sum(g.hi, at_least(x, V(0.0f)));
  return at_least(x, V(sum.hi + V(sum.lo + g.lo)));
}

/// e^x * (1 - e^x/2), for x <= -14.
template <class V> XACT_INLINE inline V softplus_tail(const V &x) noexcept {
  const V head = at_least(x, V(-110.0f)); // beyond, the result is 0
  const auto e = power_of_e(gelu_tanh_far_powers, gelu_tanh_far_remainders, head, V(0.0f), V(0.0f));
  const V power = e.raised(e.t); // near enough for the correction
  return mul_add(power, mul_add(power, V(-0x1p-65f), e.z), power) * V(0x1p-64f);
}

/// The kernel of a tier, from its segments.
template <class Tier, const auto &S, class V> XACT_INLINE inline V softplus_from(const V &x) noexcept {
  V y;
  if constexpr (std::is_same_v<Tier, tier::standard>) {
    y = standard_softplus<S>(x);
  } else {
    y = accurate_softplus<S>(x);
  }
  if (!all_at_least(x, -S.limit)) [[unlikely]] {
    y = replace_tail(x, y, -S.limit, [](const auto &z) XACT_INLINE { return softplus_tail(z); });
  }
  return y;
}
template <class Tier, class V> XACT_INLINE inline V float_softplus(const V &x) noexcept {
  constexpr bool standard = std::is_same_v<Tier, tier::standard>;
  constexpr bool has_32 = cheap_table<V> >= 32;
  if constexpr (standard && has_32) {
    return softplus_from<Tier, softplus_standard_32>(x);
  } else if constexpr (standard) {
    return softplus_from<Tier, softplus_standard_8>(x);
  } else if constexpr (has_32) {
    return softplus_from<Tier, softplus_32>(x);
  } else {
    return softplus_from<Tier, softplus_8>(x);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
