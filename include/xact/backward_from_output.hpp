#pragma once

#include <xact/backward.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// An activation's `derivative_from_output` as a derivative. It sees packs where f's kernel does.
template <class F> struct output_derivative {
  F f;
  static constexpr facts about() {
    return facts_of<F>().together.standard == 0 ? facts{} : facts{.together = {2, 2, 2, 2}};
  }
  template <class V>
    requires requires(const F &of, const V &y) { of.derivative_from_output(y); }
  XACT_INLINE V standard(const V &y) const noexcept {
    return f.derivative_from_output(y);
  }
};

} // namespace detail

namespace detail {
template <class F, class T>
concept output_derivative_for = kernel_for<F, T> && kernel_for<output_derivative<untiered_t<F>>, T>;
} // namespace detail

/// Whether the derivative of F is a function of its result alone: relu, leaky_relu, sigmoid, tanh, elu, softplus; an
/// activation of your own says so by a member `derivative_from_output(y)`.
///
/// @code
/// static_assert(xact::determined_by_output<xact::tanh_t> && !xact::determined_by_output<xact::silu_t>);
/// @endcode
template <class F>
concept determined_by_output = requires(const detail::untiered_t<F> &f, const detail::native<float> &y) {
  { f.derivative_from_output(y) } -> std::same_as<detail::native<float>>;
};

/// The gradient through an activation, from its result y = f(x) instead of x: dx = dy * f'(x), in one pass. For those
/// who keep y only, and cheaper: no exponential for sigmoid (y * (1 - y)), tanh ((1 - y) * (1 + y)) and elu (y +
/// alpha).
///
/// *Shapes*: as `backward`. *Accuracy*: the derivative is within 2 ULP (softplus 3) of that at the given y, and the
/// product is rounded once more; what y itself was rounded by counts in full where y is close to a limit of f (1 for
/// sigmoid), so take `backward` where the tails matter. *Special*: NaN in y or dy gives NaN there.
/// @throws std::invalid_argument as `backward` does, and where two x have the same y: a negative slope of leaky_relu, a
///         negative alpha of elu.
///
/// @code
/// std::vector<float> y(64, 0.5f), dy(64, 1.0f), dx(64);
/// xact::backward_from_output(xact::sigmoid, y, dy, dx); // 0.25
/// @endcode
template <determined_by_output F, class Y, class DY, class DX>
  requires detail::all_readable<Y, DY, DX> && detail::output_argument<DX &&> &&
           detail::output_derivative_for<
               F, detail::compute_t<detail::argument_element_t<Y>, detail::argument_element_t<DY>,
                                    detail::argument_element_t<DX>>>
inline void backward_from_output(const F &f, const Y &y, const DY &dy, DX &&dx, const backward_options &options = {}) {
  const auto &of = detail::untiered(f);
  detail::require_meaning(of);
  if constexpr (requires { of.refusal_of_output(); }) {
    detail::refuse_if(of.refusal_of_output());
  }
  detail::scale_by_derivative(detail::output_derivative<detail::untiered_t<F>>{of}, "backward_from_output", "y", y, dy,
                              dx, options);
}

namespace detail {
template <class F, class...>
inline constexpr bool has_no_rows_backward = has_kernels<std::remove_cvref_t<F>> || is_gated<std::remove_cvref_t<F>>;
} // namespace detail
XACT_REFUSES_GRADIENTS(backward_from_output, detail::has_no_rows_backward, backward_options, from_output_form,
                       (.least = 3, .most = 3),
                       "xact: backward_from_output(f, y, dy, dx) of ranges or rows, where the result y tells the "
                       "derivative: relu, leaky_relu, sigmoid, tanh, elu, softplus and others; else backward")
XACT_REFUSED_LISTS(backward_from_output, detail::from_output_form)

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
