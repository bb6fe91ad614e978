#pragma once

#include <xact/detail/call/mistakes.hpp>
#include <xact/detail/glu/gate.hpp>
#include <xact/exact.hpp>
#include <xact/gelu.hpp>
#include <xact/gelu_quick.hpp>
#include <xact/relu.hpp>
#include <xact/rows.hpp>
#include <xact/silu.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

template <class F, class G = detail::no_function> struct glu_t;

namespace detail {

/// Calls `with` on the cheapest function of gate and up that does what the options say. silu(1.702 g) / 1.702 is
/// gelu_quick(g), in float.
template <class F, class G, class With>
inline void choose_gate(const F &f, const G &g, const glu_options &options, const With &with) {
  if (is_plain(options)) {
    with(plain_gate<F, G>{f, g});
  } else if (std::is_same_v<F, silu_t> && options.alpha == 1.702) {
    glu_options without_alpha = options;
    without_alpha.alpha = 1;
    with(shaped_gate<gelu_quick_t, G>{gelu_quick, g, without_alpha});
  } else {
    with(shaped_gate<F, G>{f, g, options});
  }
}

/// The lanes of a gated unit's call.
template <class... R> using glu_lane = native<compute_t<argument_element_t<R>...>>;
/// Element types that both functions of a gated unit take.
template <class F, class G, class... R>
concept glu_for =
    kernel_for<F, compute_t<argument_element_t<R>...>> && kernel_for<G, compute_t<argument_element_t<R>...>>;

/// Arguments of a gated unit's call.
template <class F, class G, class Out, class... In>
concept gated_call = all_readable<Out, In...> && output_argument<Out &&> && glu_for<F, G, Out, In...>;
template <class Unit, class... Args> inline constexpr bool takes_gated = false;
template <class Unit, class A, class B, class C>
inline constexpr bool takes_gated<Unit, A, B, C> =
    is_options<C> ? gated_call<decltype(Unit::f), decltype(Unit::g), B, A>
                  : gated_call<decltype(Unit::f), decltype(Unit::g), C, A, B>;
template <class Unit, class A, class B, class C, class Options>
inline constexpr bool takes_gated<Unit, A, B, C, Options> = is_options<Options> && takes_gated<Unit, A, B, C>;
template <class F, class G> inline constexpr bool is_gated<glu_t<F, G>> = true;

template <class V, class F, class G, class A, class B, class O>
inline void glu_of_two(const F &f, const G &g, const row_view<A> &gate, const row_view<B> &up, const row_view<O> &out,
                       const glu_options &options) {
  require_glu_options(options, false, false);
  require_meaning(untiered(f)), require_meaning(untiered(g));
  const auto to = writes(out);
  check_views(call_names<2, 1>{"glu", {"gate", "up"}, {"out"}}, to, gate, up);
  choose_gate(f, g, options, [&](const auto &of) {
    if (options.swapped) {
      map_views<V>(of, one_pointer(), to, up, gate);
    } else {
      map_views<V>(of, one_pointer(), to, gate, up);
    }
  });
}

template <class V, class F, class G, class A, class O>
inline void glu_of_one(const F &f, const G &g, const row_view<A> &in, const row_view<O> &out,
                       const glu_options &options) {
  require_glu_options(options, true, false);
  require_meaning(untiered(f)), require_meaning(untiered(g));
  const argument read = named("in", in), written = named("out", out);
  require_half("glu", read, written);
  require_apart("glu", read, written, false);
  using E = std::remove_cv_t<A>;
  choose_gate(f, g, options, [&](const auto &of) {
    const auto pairs = [&](const pack<V, 2> &x)
                           XACT_INLINE { return V(of(x.part[options.swapped], x.part[!options.swapped])); };
    for (std::size_t r = 0; r < out.count; ++r) {
      if (options.layout == glu_layout::interleaved) {
        map<V>(pairs, out.columns, out[r], interleaved<const E>{in[r]});
      } else {
        const E *const first = in[r], *const second = in[r] + out.columns;
        map<V>(of, out.columns, out[r], options.swapped ? second : first, options.swapped ? first : second);
      }
    }
  });
}

} // namespace detail

/// What `glu(f)` and `glu(f, g)` return: a gated unit, with two call forms; each argument a contiguous range, or
/// `rows`.
///
/// - `unit(gate, up, out, options)`: three of one shape; `out` may be one of the inputs.
/// - `unit(in, out, options)`: `in` holds both, as `options.layout` says, and has twice as many columns.
///
/// Element types may differ: the product is formed in the widest and rounded once. *Accuracy*: float, with any options:
/// 6 ULP of the product, `accurate` 3, `exact` as accurate, where f(gate) is no subnormal float: silu's is from -87.3
/// down, and an up above 1 shows what it lost, or that it is 0 from -104 down. Found of swiglu: 4.593 (gate
/// -0x1.5fd514p+4, up 0x1.e6e5b6p+1, offset 1), accurate and exact 2.151 (offset 0.1; without options 1.459, gate
/// -0x1.d44c24p+0, up 0x1.fp-20; with an alpha 0.5001). *Special*: NaN in either gives NaN there; 0 * infinity
/// is NaN, as the definition has it.
/// @throws std::invalid_argument when shapes do not fit, `out` overlaps an input without being it, the layout is not
///         one of that call, limit is not positive, alpha is not from 2^-512 to 2^512, offset is not finite; nothing
///         has been written then.
///
/// @code
/// constexpr xact::glu_t<xact::sigmoid_t> original = xact::glu(xact::sigmoid); // sigmoid(gate) * up
/// std::vector<float> gate(64), up(64), out(64);
/// original(gate, up, out);
/// @endcode
template <class F, class G> struct glu_t {
  F f;
  [[no_unique_address]] G g = {};

  template <class Gate, class Up, class Out>
    requires detail::gated_call<F, G, Out, Gate, Up>
  void operator()(const Gate &gate, const Up &up, Out &&out, const glu_options &options = {}) const {
    detail::glu_of_two<detail::glu_lane<Gate, Up, Out>>(f, g, detail::as_rows(gate), detail::as_rows(up),
                                                        detail::as_rows(out), options);
  }
  template <class In, class Out>
    requires detail::gated_call<F, G, Out, In>
  void operator()(const In &in, Out &&out, const glu_options &options) const {
    detail::glu_of_one<detail::glu_lane<In, Out>>(f, g, detail::as_rows(in), detail::as_rows(out), options);
  }

  XACT_CALLED_AS_BEFORE(
      glu_options, glu_t, ::xact::detail::takes_gated, (.least = 2, .most = 3),
      "xact: a gated unit is called as f(gate, up, out), or f(in, out, {.layout = ...}) with both in one")
};

/// The gated linear unit of an activation, f(gate) * up, or of two, f(gate) * g(up): an operation like any other. f and
/// g may be in a tier, or callables of your own. *Source*: N. Shazeer, GLU variants improve transformer, 2020; limit,
/// alpha, offset as in GPT-OSS and DeepSeek.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::glu(xact::silu)(gate, up, out);             // swiglu
/// xact::glu(xact::tanh, xact::sigmoid)(gate, up, out); // WaveNet's
/// @endcode
template <class F> [[nodiscard]] constexpr glu_t<F> glu(const F &f) { return {f}; }
template <class F, class G> [[nodiscard]] constexpr glu_t<F, G> glu(const F &f, const G &g) { return {f, g}; }

/// silu(gate) * up: the feed-forward unit of Llama, Mistral, DeepSeek, GPT-OSS. *Source*: ONNX SwiGLU.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::swiglu(gate, up, out);
/// @endcode
inline constexpr glu_t<silu_t> swiglu = glu(silu);
/// gelu(gate) * up.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::geglu(gate, up, out);
/// @endcode
inline constexpr glu_t<gelu_t> geglu = glu(gelu);
/// relu(gate) * up.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::reglu(gate, up, out);
/// @endcode
inline constexpr glu_t<relu_t> reglu = glu(relu);

namespace detail {
/// f in a tier, where it has tiers.
template <class F> constexpr auto accurate_or_same(const F &f) {
  if constexpr (has_kernels<F>) {
    return accurate(f);
  } else {
    return f;
  }
}
template <class F> constexpr auto exact_or_same(const F &f) {
  if constexpr (roundable<F>) {
    return exact(f);
  } else {
    return f;
  }
}
} // namespace detail

/// The gated unit with its functions in the accurate tier.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::accurate(xact::swiglu)(gate, up, out);
/// @endcode
template <class F, class G> [[nodiscard]] constexpr auto accurate(const glu_t<F, G> &unit) {
  const auto f = detail::accurate_or_same(unit.f);
  const auto g = detail::accurate_or_same(unit.g);
  return glu_t<std::remove_cv_t<decltype(f)>, std::remove_cv_t<decltype(g)>>{f, g};
}
/// The gated unit with its functions correctly rounded, so that its bits are the same everywhere; the product is
/// rounded once more, and is as near as `accurate`. Options that make an argument which no float is, an alpha, a limit
/// that is no float, an offset before a second function, give the results of `accurate`, whose bits may hang on the
/// ISA.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::exact(xact::geglu)(gate, up, out);
/// @endcode
template <class F, class G> [[nodiscard]] constexpr auto exact(const glu_t<F, G> &unit) {
  const auto f = detail::exact_or_same(unit.f);
  const auto g = detail::exact_or_same(unit.g);
  return glu_t<std::remove_cv_t<decltype(f)>, std::remove_cv_t<decltype(g)>>{f, g};
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
