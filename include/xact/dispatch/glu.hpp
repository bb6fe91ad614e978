#pragma once

/// @file
/// Gated units and their gradients.

#include <xact/detail/types/glu_options.hpp>
#include <xact/dispatch/activations.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// What `glu` makes of one function.
struct no_dispatched {};
template <class F> XACT_INLINE inline types::operation half_of_unit(const F &f) {
  if constexpr (std::same_as<F, no_dispatched>) {
    return {};
  } else {
    return operation_of(f, &require_functions(f));
  }
}
template <class F, class G> XACT_INLINE inline types::unit unit_of(const F &f, const G &g, const glu_options &o) {
  return {half_of_unit(f), half_of_unit(g), o.limit, o.alpha, o.offset};
}
/// The two halves of a row of n pairs, the gate first.
template <class P> struct halves_of {
  P gate, up;
};
template <class P> XACT_INLINE inline halves_of<P> halves(P first, P second, const glu_options &o) noexcept {
  first.step = second.step = o.layout == glu_layout::interleaved ? 2 : 1;
  return o.swapped ? halves_of<P>{second, first} : halves_of<P>{first, second};
}
template <class E> XACT_INLINE inline auto halves_read(const E *in, std::size_t n, const glu_options &o) noexcept {
  return halves(source_of(in), source_of(in + (o.layout == glu_layout::interleaved ? 1 : n)), o);
}
template <class E> XACT_INLINE inline auto halves_written(E *out, std::size_t n, const glu_options &o) noexcept {
  return halves(target_of(out), target_of(out + (o.layout == glu_layout::interleaved ? 1 : n)), o);
}

template <class F, class G, class... R>
concept dispatch_glu_takes = dispatch_takes<F, argument_element_t<R>...> &&
                             (std::same_as<G, no_dispatched> || dispatch_takes<G, argument_element_t<R>...>);

} // namespace detail

namespace dispatch {

/// @name Gated units and their gradients, as xact's. Part by part through buffers, in which the bits stay the same.
///
/// @code
/// namespace dispatch = xact::dispatch;
/// std::vector<float> x(64, 0.5f), up(64, 2.0f), y(64), dy(64, 1.0f), dx(64), d_up(64);
/// xact::dispatch::swiglu(x, up, y);
/// xact::dispatch::geglu(x, up, y, {.limit = 7.0});
/// xact::dispatch::accurate(xact::dispatch::reglu)(x, up, y);
/// xact::dispatch::exact(dispatch::glu(dispatch::gelu, dispatch::sigmoid))(x, up, y);
/// xact::dispatch::backward(dispatch::glu(dispatch::tanh, dispatch::sigmoid), x, up, dy, dx, d_up);
/// @endcode
/// @{

/// What `glu(f)` and `glu(f, g)` return.
///
/// @code
/// constexpr xact::dispatch::glu_t<xact::dispatch::sigmoid_t> original = xact::dispatch::glu(xact::dispatch::sigmoid);
/// @endcode
template <class F, class G = detail::no_dispatched> struct glu_t {
  F f;
  [[no_unique_address]] G g = {};

  template <class Gate, class Up, class Out>
    requires detail::all_readable<Gate, Up, Out> && detail::writable_argument<Out> &&
             detail::dispatch_glu_takes<F, G, Gate, Up, Out>
  void operator()(const Gate &gate, const Up &up, Out &&out, const glu_options &options = {}) const {
    using namespace detail;
    require_glu_options(options, false, false);
    const auto first = as_rows(gate);
    const auto second = as_rows(up);
    const auto to = as_rows(out);
    check_views(call_names<2, 1>{"glu", {"gate", "up"}, {"out"}}, writes(to), first, second);
    const types::unit unit = unit_of(f, g, options);
    each_dispatched_row(
        [&](std::size_t n, const auto *a, const auto *b, auto *c) {
          const types::source x = source_of(a), y = source_of(b);
          dispatch_table().glu(unit, options.swapped ? y : x, options.swapped ? x : y, target_of(c), n);
        },
        first, second, to);
  }
  template <class In, class Out>
    requires detail::all_readable<In, Out> && detail::writable_argument<Out> &&
             detail::dispatch_glu_takes<F, G, In, Out>
  void operator()(const In &in, Out &&out, const glu_options &options) const {
    using namespace detail;
    require_glu_options(options, true, false);
    const auto from = as_rows(in);
    const auto to = as_rows(out);
    require_half("glu", named("in", from), named("out", to));
    require_apart("glu", named("in", from), named("out", to), false);
    const types::unit unit = unit_of(f, g, options);
    for (std::size_t r = 0; r < to.count; ++r) {
      const auto both = halves_read(static_cast<const argument_element_t<In> *>(from[r]), to.columns, options);
      dispatch_table().glu(unit, both.gate, both.up, target_of(to[r]), to.columns);
    }
  }
};

template <detail::dispatched F> [[nodiscard]] constexpr glu_t<F> glu(const F &f) { return {f}; }
template <detail::dispatched F, detail::dispatched G> [[nodiscard]] constexpr glu_t<F, G> glu(const F &f, const G &g) {
  return {f, g};
}
inline constexpr glu_t<silu_t> swiglu = glu(silu);
inline constexpr glu_t<gelu_t> geglu = glu(gelu);
inline constexpr glu_t<relu_t> reglu = glu(relu);

template <class F, class G> [[nodiscard]] constexpr auto accurate(const glu_t<F, G> &unit) {
  if constexpr (std::same_as<G, detail::no_dispatched>) {
    return glu(accurate(unit.f));
  } else {
    return glu(accurate(unit.f), accurate(unit.g));
  }
}
template <class F, class G> [[nodiscard]] constexpr auto exact(const glu_t<F, G> &unit) {
  if constexpr (std::same_as<G, detail::no_dispatched>) {
    return glu(exact(unit.f));
  } else {
    return glu(exact(unit.f), exact(unit.g));
  }
}

template <class F, class G, class Gate, class Up, class DY, class DGate, class DUp>
  requires detail::all_readable<Gate, Up, DY, DGate, DUp> && detail::writable_argument<DGate> &&
           detail::writable_argument<DUp> && detail::dispatch_glu_takes<F, G, Gate, Up, DY, DGate, DUp>
inline void backward(const glu_t<F, G> &of, const Gate &gate, const Up &up, const DY &dy, DGate &&d_gate, DUp &&d_up,
                     const glu_options &options = {}) {
  using namespace detail;
  require_glu_options(options, false, true);
  const auto to = writes(as_rows(d_gate), as_rows(d_up));
  check_views(call_names<3, 2>{"backward", {"gate", "up", "dy"}, {"d_gate", "d_up"}}, to, as_rows(gate), as_rows(up),
              as_rows(dy));
  const types::unit unit = unit_of(of.f, of.g, options);
  each_dispatched_row(
      [&](std::size_t n, const auto *a, const auto *b, const auto *c, auto *da, auto *db) {
        const types::source x = source_of(a), y = source_of(b);
        const types::target dx = target_of(da), dy_of = target_of(db);
        dispatch_table().glu_backward(unit, options.swapped ? y : x, options.swapped ? x : y, source_of(c),
                                      options.swapped ? dy_of : dx, options.swapped ? dx : dy_of, options.accumulate,
                                      n);
      },
      as_rows(gate), as_rows(up), as_rows(dy), to.first, to.second);
}

template <class F, class G, class In, class DY, class DIn>
  requires detail::all_readable<In, DY, DIn> && detail::writable_argument<DIn> &&
           detail::dispatch_glu_takes<F, G, In, DY, DIn>
inline void backward(const glu_t<F, G> &of, const In &in, const DY &dy, DIn &&d_in, const glu_options &options) {
  using namespace detail;
  require_glu_options(options, true, true);
  const auto from = as_rows(in);
  const auto above = as_rows(dy);
  const auto to = as_rows(d_in);
  const argument read = named("in", from), gradients = named("dy", above), written = named("d_in", to);
  require_half("backward", read, gradients);
  require_same_shape("backward", read, written);
  require_apart("backward", read, written);
  require_apart("backward", gradients, written, false);
  const types::unit unit = unit_of(of.f, of.g, options);
  for (std::size_t r = 0; r < above.count; ++r) {
    const std::size_t n = above.columns;
    const auto both = halves_read(static_cast<const argument_element_t<In> *>(from[r]), n, options);
    const auto d = halves_written(to[r], n, options);
    dispatch_table().glu_backward(unit, both.gate, both.up, source_of(above[r]), d.gate, d.up, options.accumulate, n);
  }
}
/// @}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
