#pragma once

/// @file
/// Operations of the library which also count what they write.

#include <xact/dispatch/backward.hpp>
#include <xact/dispatch/glu.hpp>
#include <xact/dispatch/inspect.hpp>
#include <xact/dispatch/quantize.hpp>
#include <xact/dispatch/softmax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// f in parts of 8 KiB of what it writes, each looked at while it is in the first cache.
template <class F, class In, class Out> void dispatch_watched(const F &f, census &seen, In &in, Out &out) {
  using O = argument_element_t<Out>;
  const types::functions &of = require_checked(f, as_rows(in), as_rows(out));
  census all;
  std::size_t first = 0;
  each_dispatched_row(
      [&](std::size_t columns, const auto *from, O *to) {
        constexpr std::size_t most = 8192 / sizeof(O);
        for (std::size_t i = 0; i < columns; i += most) {
          const std::size_t n = columns - i < most ? columns - i : most;
          dispatch_run(f, of, from + i, to + i, n);
          dispatch_table().inspect(all, source_of(to + i), n, first + i);
        }
        first += columns;
      },
      as_rows(in), as_rows(out));
  seen.merge(all);
}

} // namespace detail

namespace dispatch {

/// What `watch(f, census)` returns: f, with its call forms, counting what it writes.
///
/// @code
/// xact::census c;
/// const xact::dispatch::watched_t<xact::dispatch::gelu_t> watched = xact::dispatch::watch(xact::dispatch::gelu, c);
/// const float y = watched(-1.0f); // c.count is 1
/// @endcode
template <class F> struct watched_t {
  F f;
  census *seen;

  template <class T>
    requires detail::dispatch_takes<F, T> && detail::dispatched<F>
  T operator()(const T &x) const noexcept {
    const T y[1] = {f(x)};
    seen->merge(dispatch::inspect(y));
    return y[0];
  }
  template <class In, class Out>
    requires std::invocable<const F &, const In &, Out>
  void operator()(const In &in, Out &&out) const {
    if constexpr (detail::dispatched<F>) {
      detail::dispatch_watched(f, *seen, in, out);
    } else {
      f(in, out);
      seen->merge(dispatch::inspect(out));
    }
  }
  template <class InOut>
    requires(!detail::element_type<std::remove_cvref_t<InOut>> && std::invocable<const F &, InOut>)
  void operator()(InOut &&inout) const {
    (*this)(inout, inout);
  }

  /// Softmax and its kin, and gated units, with options.
  template <class In, class Out>
    requires std::invocable<const F &, const In &, Out, const softmax_options &>
  void operator()(const In &in, Out &&out, const softmax_options &options) const {
    f(in, out, options);
    seen->merge(dispatch::inspect(out));
  }
  template <class InOut>
    requires std::invocable<const F &, InOut, const softmax_options &>
  void operator()(InOut &&inout, const softmax_options &options) const {
    (*this)(inout, inout, options);
  }
  template <class Gate, class Up, class Out>
    requires std::invocable<const F &, const Gate &, const Up &, Out, const glu_options &>
  void operator()(const Gate &gate, const Up &up, Out &&out, const glu_options &options = {}) const {
    f(gate, up, out, options);
    seen->merge(dispatch::inspect(out));
  }
  template <class In, class Out>
    requires std::invocable<const F &, const In &, Out, const glu_options &>
  void operator()(const In &in, Out &&out, const glu_options &options) const {
    f(in, out, options);
    seen->merge(dispatch::inspect(out));
  }
};

/// An operation of the library which also counts what it writes, as xact::watch: of activations while it is in the
/// first cache, of others it is read once more.
///
/// @code
/// namespace dispatch = xact::dispatch;
/// std::vector<float> x(64, -1.0f), y(64);
/// xact::census c;
/// xact::dispatch::accurate(xact::dispatch::watch(dispatch::gelu, c))(x, y); // c.count is 64
/// xact::dispatch::exact(xact::dispatch::watch(dispatch::softmax, c))(x, y, {.scale = 0.5});
/// xact::dispatch::derivative(xact::dispatch::watch(dispatch::gelu, c))(x);
/// xact::dispatch::glu(xact::dispatch::watch(dispatch::silu, c))(x, y, y);
/// xact::dispatch::backward(xact::dispatch::watch(dispatch::gelu, c), x, y, y);
/// xact::dispatch::backward_from_output(xact::dispatch::watch(dispatch::tanh, c), x, y, y);
/// @endcode
/// @{
template <class F> [[nodiscard]] constexpr watched_t<F> watch(const F &f, census &seen) noexcept { return {f, &seen}; }

template <class F> [[nodiscard]] constexpr auto accurate(const watched_t<F> &watched) {
  return dispatch::watch(dispatch::accurate(watched.f), *watched.seen);
}
template <class F> [[nodiscard]] constexpr auto exact(const watched_t<F> &watched) {
  return dispatch::watch(dispatch::exact(watched.f), *watched.seen);
}
template <class F> [[nodiscard]] constexpr auto derivative(const watched_t<F> &watched) {
  return dispatch::watch(dispatch::derivative(watched.f), *watched.seen);
}
template <class F> [[nodiscard]] constexpr auto glu(const watched_t<F> &watched) {
  return dispatch::watch(dispatch::glu(watched.f), *watched.seen);
}

template <class F, class X, class DY, class DX>
  requires detail::dispatched<F>
inline void backward(const watched_t<F> &watched, const X &x, const DY &dy, DX &&dx,
                     const backward_options &options = {}) {
  dispatch::backward(watched.f, x, dy, dx, options);
  watched.seen->merge(dispatch::inspect(dx));
}
template <class F, class Y, class DY, class DX>
  requires detail::dispatched<F>
inline void backward_from_output(const watched_t<F> &watched, const Y &y, const DY &dy, DX &&dx,
                                 const backward_options &options = {}) {
  dispatch::backward_from_output(watched.f, y, dy, dx, options);
  watched.seen->merge(dispatch::inspect(dx));
}
template <class F, class G, class Gate, class Up, class DY, class DGate, class DUp>
inline void backward(const watched_t<glu_t<F, G>> &watched, const Gate &gate, const Up &up, const DY &dy,
                     DGate &&d_gate, DUp &&d_up, const glu_options &options = {}) {
  dispatch::backward(watched.f, gate, up, dy, d_gate, d_up, options);
  watched.seen->merge(dispatch::inspect(d_gate));
  watched.seen->merge(dispatch::inspect(d_up));
}
template <class F, class G, class In, class DY, class DIn>
inline void backward(const watched_t<glu_t<F, G>> &watched, const In &in, const DY &dy, DIn &&d_in,
                     const glu_options &options) {
  dispatch::backward(watched.f, in, dy, d_in, options);
  watched.seen->merge(dispatch::inspect(d_in));
}
/// @}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
