#pragma once

/// @file
/// How the activations made of a few sums, products and a quotient are computed: in two parts, rounded at the end.

#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/numbers/tier.hpp>

#include <limits>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// hi + lo as a double, whose last bit is set wherever it is not the exact sum: no such double lies in the middle
/// between two floats.
template <class V> XACT_INLINE inline V round_to_odd(const double_double<V> &a) noexcept {
  using Int = integer_t<V>;
  const auto [hi, lo] = fast_two_sum(a.hi, a.lo);
  const Int bits = as_integer(hi);
  const Int towards_lo = select(sign_bit(hi) == sign_bit(lo), Int(1), Int(-1));
  const Int step = select(Int(bits & Int(1)) == Int(0), towards_lo, Int(0));
  return select(a.lo == V(0.0), a.hi, select(lo == V(0.0), hi, as_float(Int(bits + step)))); // the first keeps -0
}

/// hi + lo in its final rounding: to odd, where the tier is exact, because what comes next is a float.
template <class Tier, class V> XACT_INLINE inline V round_result(Tier, const double_double<V> &a) noexcept {
  if constexpr (std::is_same_v<Tier, tier::exact>) {
    return round_to_odd(a);
  } else {
    return a.hi + a.lo;
  }
}

/// The largest T that is at most `bound`: for x of type T, x <= bound is x <= that.
template <class T> constexpr T rounded_down(double bound) noexcept {
  const T nearest = static_cast<T>(bound);
  if (!(bound < static_cast<double>(nearest))) {
    return nearest;
  }
  using Int = integer_t<T>;
  const Int bits = __builtin_bit_cast(Int, nearest);
  return nearest == T(0) ? -std::numeric_limits<T>::denorm_min()
                         : __builtin_bit_cast(T, static_cast<Int>(nearest < T(0) ? bits + 1 : bits - 1));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
