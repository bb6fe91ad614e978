#pragma once

/// @file
/// Gradients of activations.

#include <xact/detail/types/backward_options.hpp>
#include <xact/dispatch/activations.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

template <class F, class X, class DY, class DX>
inline void dispatch_backward(const F &f, const types::functions &of, bool from_output, const char *function,
                              const char *name, const X &x, const DY &dy, DX &dx, bool accumulate) {
  const auto from = as_rows(x);
  const auto above = as_rows(dy);
  const auto to = as_rows(dx);
  check_views(call_names<2, 1>{function, {name, "dy"}, {"dx"}}, writes(to), from, above);
  types::operation operation = operation_of(f, &of);
  operation.derivative = true;
  each_dispatched_row(
      [&](std::size_t n, const auto *a, const auto *b, auto *c) {
        dispatch_table().backward(operation, from_output, source_of(a), source_of(b), target_of(c), accumulate, n);
      },
      from, above, to);
}

} // namespace detail

namespace dispatch {

/// Gradients, as xact's. Part by part through buffers of 8 KiB, in which the bits stay the same. backward_from_output
/// of an activation whose result does not tell its derivative is refused when it runs.
///
/// @code
/// namespace dispatch = xact::dispatch;
/// std::vector<float> x(64, 0.5f), dy(64, 1.0f), dx(64);
/// xact::dispatch::backward(dispatch::accurate(dispatch::silu), x, dy, dx, {.accumulate = true});
/// xact::dispatch::backward_from_output(dispatch::tanh, x, dy, dx);
/// @endcode
/// @{
template <class F, class X, class DY, class DX>
  requires detail::dispatched<F> && detail::all_readable<X, DY, DX> && detail::writable_argument<DX> &&
           detail::dispatch_takes<F, detail::argument_element_t<X>, detail::argument_element_t<DY>,
                                  detail::argument_element_t<DX>>
inline void backward(const F &f, const X &x, const DY &dy, DX &&dx, const backward_options &options = {}) {
  const detail::types::functions &of = detail::require_functions(f);
  detail::require_meaning(f, of);
  detail::dispatch_backward(f, of, false, "backward", "x", x, dy, dx, options.accumulate);
}

template <class F, class Y, class DY, class DX>
  requires detail::dispatched<F> && detail::all_readable<Y, DY, DX> && detail::writable_argument<DX>
inline void backward_from_output(const F &f, const Y &y, const DY &dy, DX &&dx, const backward_options &options = {}) {
  const detail::types::functions &of = detail::require_functions(f);
  if (of.from_output[0] == nullptr) [[unlikely]] {
    detail::refuse("xact::backward_from_output: the result of %s does not tell its derivative", of.name);
  }
  if (of.is_invertible != nullptr && !of.is_invertible(detail::parameters_of(f))) [[unlikely]] {
    detail::refuse("xact::backward_from_output: with a negative parameter two inputs of 'f' have the same result");
  }
  detail::dispatch_backward(f, of, true, "backward_from_output", "y", y, dy, dx, options.accumulate);
}
/// @}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
