#pragma once

#include <xact/derivative.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// How `backward` writes.
///
/// @code
/// const xact::backward_options sum_up{.accumulate = true};
/// @endcode
struct backward_options {
  bool accumulate = false; ///< dx += dy * f'(x) instead of dx = dy * f'(x)
};

namespace detail {

/// dy * f'(x), and that plus what was there before: one rounding where the ISA has FMA.
template <class D> struct scaled_derivative {
  const D &derivative;
  template <class V> XACT_INLINE V operator()(const V &x, const V &dy) const noexcept {
    return dy * evaluate<tier::standard>(derivative, x);
  }
  template <class V> XACT_INLINE V operator()(const V &x, const V &dy, const V &before) const noexcept {
    return mul_add(dy, evaluate<tier::standard>(derivative, x), before);
  }
};
template <class D, class V> inline constexpr std::size_t unroll<scaled_derivative<D>, V> = unroll<kernel_call<D>, V>;

/// Element types that f's derivative takes: `exact` takes float only.
template <class F, class... E>
concept derivative_for = kernel_for<decltype(derivative(std::declval<const F &>())), compute_t<E...>>;

} // namespace detail

/// The gradient through an activation: dx = dy * f'(x), in one pass. f may be in a tier: `backward(fast(gelu), ...)`.
///
/// *Shapes*: three contiguous ranges of equal length; `dx` may be `x` or `dy`. Element types may differ: the product is
/// formed in the widest and rounded once. *Accuracy*: that of `derivative(f)`, and one rounding of the product.
/// *Special*: NaN in x or dy gives NaN there; 0 * infinity is NaN, as the definition has it.
/// @throws std::invalid_argument when lengths differ or `dx` overlaps an input without being it; nothing has been
///         written then.
///
/// @code
/// std::vector<float> x(64, 0.5f), dy(64, 1.0f), dx(64);
/// xact::backward(xact::silu, x, dy, dx);
/// xact::backward(xact::silu, x, dy, dx, {.accumulate = true});
/// @endcode
template <differentiable F, readable_range X, readable_range DY, writable_range DX>
  requires detail::derivative_for<F, detail::element_t<X>, detail::element_t<DY>, detail::element_t<DX>>
inline void backward(const F &f, const X &x, const DY &dy, DX &&dx, const backward_options &options = {}) {
  const auto f_prime = derivative(f);
  const detail::scaled_derivative<std::remove_cvref_t<decltype(f_prime)>> scaled{f_prime};
  if (options.accumulate) {
    detail::map_ranges(scaled, dx, x, dy, dx);
  } else {
    detail::map_ranges(scaled, dx, x, dy);
  }
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
