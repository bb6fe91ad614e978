#pragma once

/// @file
/// Where a true value lies whose double may be a tie of a smaller type.

#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/numbers/tier.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

struct relu_t; // whose ties have to be known here
struct relu6_t;
struct relu_squared_t;
struct leaky_relu_t;
struct hard_tanh_t;
struct hard_sigmoid_t;
struct hard_swish_t;
struct softsign_t;
struct sigmoid_t;
struct log_sigmoid_t;
struct tanh_t;
struct silu_t;
struct gelu_t;
struct gelu_tanh_t;
struct gelu_quick_t;
struct mish_t;
struct softplus_t;
struct elu_t;
struct selu_t;
struct celu_t;

namespace detail {

/// What F is at its usual parameters is named F (transform.hpp's with_constants).
template <class F> struct named {
  using type = F;
};
template <class F>
  requires requires { typename F::usual_of; }
struct named<F> {
  using type = typename F::usual_of;
};
template <class F, class... Fs> inline constexpr bool one_of = (std::is_same_v<typename named<F>::type, Fs> || ...);

/// The tier of the double kernel whose result is to be rounded to a smaller type. The fractions among the activations,
/// whose values may be ties, have one that is a tie if and only if they are.
template <class F>
using tier_for_midpoints =
    std::conditional_t<one_of<F, leaky_relu_t, hard_sigmoid_t, hard_swish_t, softsign_t>, tier::exact, tier::standard>;

/// On which side of a number that a double cannot tell from it f(x) lies: above (1), below (-1), or it is that number
/// (0). y = f(x) is the double. gelu(43) is 43 to within 2^-1000 and yet below 43: halfway between two multiples of 2,
/// it rounds down, not to even.
template <class F, class V> XACT_INLINE inline V side_of(const V &x, const V &y) noexcept {
  const V towards_0 = mul_sign(V(-1.0), x);
  V side(0.0);
  if constexpr (one_of<F, gelu_t, gelu_tanh_t, gelu_quick_t, silu_t, mish_t>) {
    side = select(V(1.0) < x, V(-1.0), V(1.0)); // x less a little; a multiple of x and a little
  } else if constexpr (one_of<F, tanh_t>) {
    side = towards_0;
  } else if constexpr (one_of<F, elu_t, celu_t>) {
    side = select(V(0.0) < x, V(0.0), mul_sign(V(-1.0), y));
  } else if constexpr (one_of<F, softplus_t>) {
    side = V(1.0); // more than max(x, 0)
  } else if constexpr (one_of<F, log_sigmoid_t>) {
    side = V(-1.0);
  } else if constexpr (one_of<F, sigmoid_t>) { // 1 less a little, 1/2 + x/4 less a little of x
    side = select(V(1.0) < x, V(-1.0), select(y == V(0.5), mul_sign(V(1.0), x), towards_0));
  } else if constexpr (one_of<F, relu_squared_t>) {
    const V positive = at_least(x, V(0.0));
    const V rest = two_product(positive, positive).lo;
    side = select(V(0.0) < rest, V(1.0), select(rest < V(0.0), V(-1.0), V(0.0)));
  }
  return select(x == V(0.0), V(0.0), side);
}

/// y = f(x) in double, moved to the side of f(x) by less than any rounding to a smaller type could see but at a tie.
template <class F, class V> XACT_INLINE inline V off_midpoint(const V &x, const V &y) noexcept {
  const V size = at_most(abs(y), V(0x1p1000)); // to infinity nothing is added that makes NaN of it
  const V step = side_of<F>(x, y) * V(size * V(0x1p-50));
  return select(step == V(0.0), y, V(y + step));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
