#pragma once

/// @file
/// What kinds of numbers an operation writes, told while it writes them.

#include <xact/backward_from_output.hpp>
#include <xact/detail/call/watch.hpp>
#include <xact/detail/types/softmax_options.hpp>
#include <xact/inspect.hpp>
#include <xact/quantize.hpp>
#include <xact/transform.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

template <class F> inline constexpr bool is_table = false;
template <class T> inline constexpr bool is_table<xact::table<T>> = true;

/// Operations of whole rows.
template <class F, class In, class Out>
concept row_call = !is_gated<F> && !is_table<F> && !range_call<F, In, Out> &&
                   requires(const F &f, const In &in, Out &out) { f(in, out, softmax_options()); };

inline glu_options as_separate(glu_options options) noexcept {
  options.layout = glu_layout::separate;
  return options;
}

} // namespace detail

/// What `watch(f, census)` returns: f, with the call forms that f has, counting what it writes.
///
/// @code
/// xact::census c;
/// const xact::watched_t<xact::gelu_t> watched = xact::watch(xact::gelu, c);
/// const float y = watched(-1.0f); // c.count is 1
/// @endcode
template <class F> struct watched_t {
  F f;
  census *seen;

  /// One value, or one batch, each of whose lanes counts.
  template <class X>
    requires detail::value_call<F, X>
  auto operator()(const X &x) const noexcept {
    const auto y = detail::call(f, x);
    if constexpr (detail::is_batch<X>) {
      typename X::value_type lanes[X::size];
      y.store_unaligned(lanes);
      seen->merge(xact::inspect(lanes));
    } else {
      const std::remove_const_t<decltype(y)> one[1] = {y};
      seen->merge(xact::inspect(one));
    }
    return y;
  }

  /// Ranges, rows, and in place.
  template <class In, class Out>
    requires detail::range_call<F, In, Out>
  void operator()(const In &in, Out &&out) const {
    using namespace detail;
    const auto to = writes(as_rows(out));
    const char *const name = name_of<untiered_t<F>>::text.data();
    check_views(call_names<1, 1>{name, {"in"}, {"out"}}, to, as_rows(in));
    watch_call(*seen, f, as_rows(in), as_rows(out));
  }
  template <class InOut>
    requires(!detail::value_call<F, std::remove_cvref_t<InOut>> && detail::range_call<F, InOut, InOut>)
  void operator()(InOut &&inout) const {
    (*this)(inout, inout);
  }

  /// Gated units.
  template <class Gate, class Up, class Out>
    requires(detail::is_gated<F> && std::is_invocable_v<const F &, Gate &, Up &, Out &>)
  void operator()(const Gate &gate, const Up &up, Out &&out, const glu_options &options = {}) const {
    using namespace detail;
    const auto to = writes(as_rows(out));
    check_views(call_names<2, 1>{"glu", {"gate", "up"}, {"out"}}, to, as_rows(gate), as_rows(up));
    watch_views(
        *seen, false, [&](auto g, auto u, auto y) { f(g, u, y, options); }, to, as_rows(gate), as_rows(up));
  }
  template <class In, class Out>
    requires(detail::is_gated<F> && std::is_invocable_v<const F &, In &, Out &, glu_options>)
  void operator()(const In &in, Out &&out, const glu_options &options) const {
    using namespace detail;
    const auto from = as_rows(in);
    const auto to = as_rows(out);
    require_glu_options(options, true, false);
    require_half("glu", named("in", from), named("out", to));
    require_apart("glu", named("in", from), named("out", to), false);
    watcher<argument_element_t<Out>> watch{*seen};
    const std::size_t n = to.columns;
    for (std::size_t r = 0; r < to.count; ++r) {
      const auto y = writes(one_row_of(to[r], n));
      if (options.layout == glu_layout::interleaved) {
        run_watched(
            watch, {r * n}, false, [&](auto x, auto part) { f(elements_of(x), part, options); }, y,
            pairs_of(from[r], n));
      } else {
        run_watched(
            watch, {r * n}, false, [&](auto a, auto b, auto part) { f(a, b, part, as_separate(options)); }, y,
            one_row_of(from[r], n), one_row_of(from[r] + n, n));
      }
    }
    watch.finish();
  }

  /// Tables.
  template <class In, class Out>
    requires(detail::is_table<F> && std::is_invocable_v<const F &, In &, Out &>)
  void operator()(const In &in, Out &&out) const {
    using namespace detail;
    const auto from = view_of(in);
    const auto to = view_of(out);
    require_same_shape("table", named("in", from), named("out", to));
    require_apart("table", named("in", from), named("out", to));
    watch_views(
        *seen, false, [&](auto x, auto y) { f(as_span(x), as_span(y)); }, writes(to), from);
  }
  template <class InOut>
    requires(detail::is_table<F> && std::is_invocable_v<const F &, InOut &>)
  void operator()(InOut &&inout) const {
    (*this)(inout, inout);
  }

  /// softmax and its kin: what they wrote is read once more.
  template <class In, class Out>
    requires detail::row_call<F, In, Out>
  void operator()(const In &in, Out &&out, const softmax_options &options = {}) const {
    f(in, out, options);
    seen->merge(xact::inspect(out));
  }
  template <class InOut>
    requires detail::row_call<F, InOut, InOut>
  void operator()(InOut &&inout, const softmax_options &options = {}) const {
    f(inout, options);
    seen->merge(xact::inspect(inout));
  }
};

/// f, which also counts what it writes, in the same pass: NaN, infinities, zeros, subnormals, saturation, extremes and
/// the first NaN, as `inspect` would of the output. One census a thread; `merge` adds them up.
///
/// It goes wherever f goes, and counts what the operation that is made of it writes: `accurate(watch(f, c))` is
/// `watch(accurate(f), c)`, and likewise exact, derivative, glu, tabulate, requantize, transform, backward (of gated
/// units both gradients) and backward_from_output. The results are f's own, to the bit. Tables, softmax and its kin are
/// watched too (of softmax the result is read once more), and callables of your own. `first_nan` counts from the begin
/// of a call's output. Inside of a kernel of your own, where a batch may hold lanes that are never written, watch the
/// whole instead: `transform(watch(kernel, c), ...)`.
///
/// *Method*: parts of 8 KiB go through f's own loop and are looked at while they are in the first cache. A call that
/// throws counts nothing.
///
/// @code
/// std::vector<float> x(64, -1.0f), y(64);
/// xact::census c;
/// xact::watch(xact::gelu, c)(x, y);
/// xact::transform(xact::watch([](auto v, auto w) { return v + w; }, c), x, y, y); // c.count is 128
/// @endcode
template <class F> [[nodiscard]] constexpr watched_t<F> watch(const F &f, census &seen) noexcept { return {f, &seen}; }

/// @name The adaptors and algorithms, of what is watched: each watches its result.
///
/// @code
/// std::vector<float> x(64, -1.0f), dy(64, 1.0f), dx(64);
/// xact::census c;
/// xact::backward(xact::watch(xact::accurate(xact::gelu), c), x, dy, dx); // c tells of dx
/// xact::backward_from_output(xact::watch(xact::tanh, c), x, dy, dx);
/// xact::exact(xact::watch(xact::gelu, c))(x);
/// xact::derivative(xact::watch(xact::gelu, c))(x);
/// xact::glu(xact::watch(xact::silu, c))(x, dy, dx);
/// std::vector<std::int8_t> codes(64);
/// xact::tabulate<std::int8_t>(xact::watch(xact::silu, c), {.scale = 0.05f}, {.scale = 0.04f})(codes);
/// xact::requantize(std::vector<std::int32_t>(64), 0.1f, xact::watch(xact::gelu, c), {.scale = 0.05f}, codes);
/// @endcode
/// @{
template <class F>
  requires requires(const F &f) { accurate(f); }
[[nodiscard]] constexpr auto accurate(const watched_t<F> &watched) {
  return watch(accurate(watched.f), *watched.seen);
}
template <class F>
  requires requires(const F &f) { exact(f); }
[[nodiscard]] constexpr auto exact(const watched_t<F> &watched) {
  return watch(exact(watched.f), *watched.seen);
}
template <differentiable F> [[nodiscard]] constexpr auto derivative(const watched_t<F> &watched) {
  return watch(derivative(watched.f), *watched.seen);
}
template <class F> [[nodiscard]] constexpr auto glu(const watched_t<F> &watched) {
  return watch(glu(watched.f), *watched.seen);
}
template <class F, class G> [[nodiscard]] constexpr auto glu(const watched_t<F> &watched, const G &g) {
  return watch(glu(watched.f, g), *watched.seen);
}
template <class F, class G> [[nodiscard]] constexpr auto glu(const F &f, const watched_t<G> &watched) {
  return watch(glu(f, watched.f), *watched.seen);
}
template <tabulated T, class F>
  requires detail::tabulates<F>
[[nodiscard]] inline auto tabulate(const watched_t<F> &watched, const quantization &in, const quantization &out) {
  return watch(tabulate<T>(watched.f, in, out), *watched.seen);
}

template <class In, class F, class Out>
  requires requires(const In &in, const F &f, Out &out) { requantize(in, 1.0f, f, quantization(), out); }
inline void requantize(const In &accumulators, float scale, const watched_t<F> &watched, const quantization &to,
                       Out &&out) {
  using namespace detail;
  const auto from = view_of(accumulators);
  const auto codes = view_of(out);
  require_same_shape("requantize", named("accumulators", from), named("out", codes));
  require_apart("requantize", named("accumulators", from), named("out", codes), false);
  watch_views(
      *watched.seen, false, [&](auto x, auto y) { requantize(as_span(x), scale, watched.f, to, as_span(y)); },
      writes(codes), from);
}

template <class F, class... Args>
  requires fused_with<F, Args...>
inline void transform(const watched_t<F> &watched, Args &&...args) {
  const auto run = [&]<class... Out>(const detail::written_rows<Out...> &to, const auto &...from) {
    const auto part = [&](auto... x) {
      if constexpr (sizeof...(Out) == 2) { // the two outputs are the last
        [&]<std::size_t... I>(std::index_sequence<I...>) {
          constexpr std::size_t n = sizeof...(I);
          transform(watched.f, detail::argument_of<I>(x...)...,
                    outputs(detail::argument_of<n>(x...), detail::argument_of<n + 1>(x...)));
        }(std::make_index_sequence<sizeof...(x) - 2>());
      } else {
        transform(watched.f, x...);
      }
    };
    detail::watch_views(*watched.seen, false, part, to, from...);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    detail::with_views(run, detail::argument_of<sizeof...(I)>(args...), detail::argument_of<I>(args...)...);
  }(std::make_index_sequence<sizeof...(Args) - 1>());
}

template <differentiable F, class X, class DY, class DX>
  requires detail::all_readable<X, DY, DX> && detail::writable_argument<DX> && detail::derivative_for<F, X, DY, DX>
inline void backward(const watched_t<F> &watched, const X &x, const DY &dy, DX &&dx,
                     const backward_options &options = {}) {
  using namespace detail;
  const auto to = writes(as_rows(dx));
  check_views(call_names<2, 1>{"backward", {"x", "dy"}, {"dx"}}, to, as_rows(x), as_rows(dy));
  watch_views(
      *watched.seen, options.accumulate, [&](auto a, auto b, auto c) { backward(watched.f, a, b, c, options); }, to,
      as_rows(x), as_rows(dy));
}

template <determined_by_output F, class Y, class DY, class DX>
  requires detail::all_readable<Y, DY, DX> && detail::writable_argument<DX>
inline void backward_from_output(const watched_t<F> &watched, const Y &y, const DY &dy, DX &&dx,
                                 const backward_options &options = {}) {
  using namespace detail;
  const auto to = writes(as_rows(dx));
  check_views(call_names<2, 1>{"backward_from_output", {"y", "dy"}, {"dx"}}, to, as_rows(y), as_rows(dy));
  watch_views(
      *watched.seen, options.accumulate,
      [&](auto a, auto b, auto c) { backward_from_output(watched.f, a, b, c, options); }, to, as_rows(y), as_rows(dy));
}

template <differentiable F, detail::differentiable_or_none G, class Gate, class Up, class DY, class DGate, class DUp>
  requires detail::all_readable<Gate, Up, DY, DGate, DUp> && detail::writable_argument<DGate> &&
           detail::writable_argument<DUp> && detail::gradient_for<F, G, Gate, Up, DY, DGate, DUp>
inline void backward(const watched_t<glu_t<F, G>> &watched, const Gate &gate, const Up &up, const DY &dy,
                     DGate &&d_gate, DUp &&d_up, const glu_options &options = {}) {
  using namespace detail;
  const auto to = writes(as_rows(d_gate), as_rows(d_up));
  check_views(call_names<3, 2>{"backward", {"gate", "up", "dy"}, {"d_gate", "d_up"}}, to, as_rows(gate), as_rows(up),
              as_rows(dy));
  watch_views(
      *watched.seen, options.accumulate,
      [&](auto a, auto b, auto c, auto d, auto e) { backward(watched.f, a, b, c, d, e, options); }, to, as_rows(gate),
      as_rows(up), as_rows(dy));
}

template <differentiable F, detail::differentiable_or_none G, class In, class DY, class DIn>
  requires detail::all_readable<In, DY, DIn> && detail::writable_argument<DIn> &&
           detail::gradient_for<F, G, In, DY, DIn>
inline void backward(const watched_t<glu_t<F, G>> &watched, const In &in, const DY &dy, DIn &&d_in,
                     const glu_options &options) {
  using namespace detail;
  const auto from = as_rows(in);
  const auto above = as_rows(dy);
  const auto to = as_rows(d_in);
  require_glu_options(options, true, true);
  require_half("backward", named("in", from), named("dy", above));
  require_same_shape("backward", named("in", from), named("d_in", to));
  require_apart("backward", named("in", from), named("d_in", to));
  require_apart("backward", named("dy", above), named("d_in", to), false);
  using D = argument_element_t<DIn>;
  const std::size_t n = above.columns;
  const auto each_row = [&](auto watch, const auto &run) {
    for (std::size_t r = 0; r < above.count; ++r) {
      run(watch, r);
    }
    watch.finish();
  };
  if (options.layout == glu_layout::interleaved) {
    each_row(watcher<pair_of<D>>{*watched.seen}, [&](auto &watch, std::size_t r) {
      run_watched(
          watch, {r * n}, options.accumulate,
          [&](auto a, auto b, auto c) { backward(watched.f, elements_of(a), b, elements_of(c), options); },
          writes(pairs_of(to[r], n)), pairs_of(from[r], n), one_row_of(above[r], n));
    });
  } else {
    each_row(watcher<D, D>{*watched.seen}, [&](auto &watch, std::size_t r) {
      run_watched(
          watch, {2 * r * n, (2 * r + 1) * n}, options.accumulate,
          [&](auto a, auto b, auto c, auto d, auto e) { backward(watched.f, a, b, c, d, e, as_separate(options)); },
          writes(one_row_of(to[r], n), one_row_of(to[r] + n, n)), one_row_of(from[r], n), one_row_of(from[r] + n, n),
          one_row_of(above[r], n));
    });
  }
}
/// @}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
