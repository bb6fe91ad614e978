#pragma once

/// @file
/// Gradients of softmax and its kin by their results.

#include <xact/detail/types/backward_options.hpp>
#include <xact/dispatch/softmax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

template <class F>
concept has_row_gradient_here = has_state<F> || std::same_as<F, dispatch::sparsemax_t>;
template <class F>
using gradient_options_here =
    std::conditional_t<std::same_as<F, dispatch::sparsemax_t>, backward_options, softmax_options>;

} // namespace detail

namespace dispatch {

/// Gradients of softmax, log_softmax and sparsemax by their results, all ranges of one element type of at least 16
/// bits.
///
/// @code
/// std::vector<float> y(64, 1.0f / 64), dy(64, 0.5f), dx(64);
/// xact::dispatch::backward_from_output(xact::dispatch::softmax, y, dy, dx, {.scale = 0.125});
/// @endcode
template <class F, class E, class DE, class DX>
  requires detail::has_row_gradient_here<F> && std::same_as<std::remove_const_t<E>, DX> &&
           std::same_as<std::remove_const_t<DE>, DX> && (sizeof(DX) > 1)
void backward_from_output(const F &, const row_view<E> &y, const row_view<DE> &dy, const row_view<DX> &dx,
                          const detail::gradient_options_here<F> &options = {}) {
  constexpr const char *name = "backward_from_output";
  detail::require_rows_fit(name, "y", y, dx);
  detail::require_rows_fit(name, "dy", dy, dx);
  detail::types::rows_gradient call = {F::of,
                                       detail::source_of(y.data),
                                       detail::source_of(dy.data),
                                       detail::target_of(dx.data),
                                       y.stride,
                                       dy.stride,
                                       dx.stride,
                                       y.count,
                                       y.columns,
                                       nullptr};
  softmax_options used;
  if constexpr (std::same_as<F, sparsemax_t>) {
    used.accumulate = options.accumulate;
    call.options = &used;
  } else {
    detail::require_options(name, options, y.count, y.columns, detail::named("dx", dx), true);
    if (options.softcap > 0 && detail::is_finite_by_bits(options.softcap)) [[unlikely]] {
      detail::refuse("xact::%s: the result does not tell the slope of softcap = %g", name, options.softcap);
    }
    call.options = &options;
  }
  detail::dispatch_table().row_gradient(call);
}
template <class F, class Y, class DY, class DX>
  requires detail::has_row_gradient_here<F> && detail::readable<Y> && detail::readable<DY> && detail::writable<DX> &&
           (!detail::is_temporary<DX &&>)
void backward_from_output(const F &f, const Y &y, const DY &dy, DX &&dx,
                          const detail::gradient_options_here<F> &options = {}) {
  backward_from_output(f, detail::one_row(y), detail::one_row(dy), detail::one_row(dx), options);
}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
