#pragma once

/// @file
/// Where a true value lies whose double may be a midpoint between two numbers of a narrower type.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// On which side of a number that a double cannot tell from it f(x) lies: above (1), below (-1), or it is that number
/// (0). y = f(x) is the double. gelu(43) is 43 to within 2^-1000 and yet below 43: halfway between two multiples of 2,
/// it rounds down, not to even.
template <class F, class V> XACT_INLINE inline V side_of(const F &f, const V &x, const V &y) noexcept {
  if constexpr (requires { f.side_of_midpoint(x, y); }) {
    return select(x == V(0.0), V(0.0), V(f.side_of_midpoint(x, y)));
  } else {
    return V(0.0);
  }
}

/// Of packs, which no activation's `side_of_midpoint` sees.
template <class F, class V, std::size_t N>
XACT_INLINE inline pack<V, N> side_of(const F &f, const pack<V, N> &x, const pack<V, N> &y) noexcept {
  return each([&f](const V &a, const V &b) XACT_INLINE { return side_of(f, a, b); }, x, y);
}

/// y = f(x) in double, moved to the side of f(x) by less than any rounding to a narrower type could see but at a
/// midpoint.
template <class F, class V> XACT_INLINE inline V off_midpoint(const F &f, const V &x, const V &y) noexcept {
  const V size = at_most(abs(y), V(0x1p1000)); // to infinity nothing is added that makes NaN of it
  const V step = side_of(f, x, y) * V(size * V(0x1p-50));
  return select(step == V(0.0), y, V(y + step));
}

/// The side for f(x) that is x less a little where x > 1, and a multiple of x and a little elsewhere: the gated ones.
template <class V> XACT_INLINE inline V side_of_gated(const V &x) noexcept {
  return select(V(1.0) < x, V(-1.0), V(1.0));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
