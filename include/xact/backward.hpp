#pragma once

#include <xact/derivative.hpp>
#include <xact/detail/types/backward_options.hpp>
#include <xact/glu.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// dy * f'(x), and that plus what was there before: one rounding where the ISA has FMA. D is f'.
template <class D> struct scaled_derivative {
  D derivative;
  template <class V> XACT_INLINE V operator()(const V &x, const V &dy) const noexcept {
    return dy * evaluate<tier::standard>(derivative, x);
  }
  template <class V> XACT_INLINE V operator()(const V &x, const V &dy, const V &before) const noexcept {
    return mul_add(dy, evaluate<tier::standard>(derivative, x), before);
  }
};
template <class D, class V> inline constexpr std::size_t unroll<scaled_derivative<D>, V> = unroll<kernel_call<D>, V>;

template <class D, class X, class DY, class DX>
inline void scale_by_derivative(const D &derivative, const char *function, const char *name, X &x, DY &dy, DX &dx,
                                const backward_options &options) {
  using V = native<compute_t<argument_element_t<X>, argument_element_t<DY>, argument_element_t<DX>>>;
  const scaled_derivative<D> scaled{derivative};
  const auto to = writes(as_rows(dx));
  check_views(call_names<2, 1>{function, {name, "dy"}, {"dx"}}, to, as_rows(x), as_rows(dy));
  if (options.accumulate) {
    map_views<V>(scaled, one_pointer(), to, as_rows(x), as_rows(dy), as_rows(dx));
  } else {
    map_views<V>(scaled, one_pointer(), to, as_rows(x), as_rows(dy));
  }
}

/// Element types that f's derivative takes: `exact` takes float only.
template <class F, class... R>
concept derivative_for =
    kernel_for<decltype(derivative(std::declval<const F &>())), compute_t<argument_element_t<R>...>>;

} // namespace detail

/// The gradient through an activation: dx = dy * f'(x), in one pass. f may be in a tier: `backward(accurate(gelu),
/// ...)`.
///
/// *Shapes*: three contiguous ranges of equal length, or `rows` of one shape; `dx` may be `x` or `dy`. Element types
/// may differ: the product is formed in the widest and rounded once. *Accuracy*: that of `derivative(f)`, and one
/// rounding of the product. *Special*: NaN in x or dy gives NaN there; 0 * infinity is NaN, as the definition has it.
/// @throws std::invalid_argument when shapes differ or `dx` overlaps an input without being it; nothing has been
///         written then.
///
/// @code
/// std::vector<float> x(64, 0.5f), dy(64, 1.0f), dx(64);
/// xact::backward(xact::silu, x, dy, dx);
/// xact::backward(xact::silu, x, dy, dx, {.accumulate = true});
/// @endcode
template <differentiable F, class X, class DY, class DX>
  requires detail::all_readable<X, DY, DX> && detail::output_argument<DX &&> && detail::derivative_for<F, X, DY, DX>
inline void backward(const F &f, const X &x, const DY &dy, DX &&dx, const backward_options &options = {}) {
  detail::require_meaning(detail::untiered(f));
  detail::scale_by_derivative(derivative(f), "backward", "x", x, dy, dx, options);
}

namespace detail {

/// `no_function` is its own derivative's place holder.
template <class F> constexpr auto derivative_or_none(const F &f) {
  if constexpr (std::is_same_v<F, no_function>) {
    return f;
  } else {
    return derivative(f);
  }
}

/// The gradient of a gated unit as a function of lanes.
template <class F, class G> constexpr auto gradient_of(const glu_t<F, G> &unit, const glu_options &options) {
  const auto df = derivative_or_none(unit.f);
  const auto dg = derivative_or_none(unit.g);
  return gate_gradient<F, G, std::remove_cv_t<decltype(df)>, std::remove_cv_t<decltype(dg)>>{
      unit.f, unit.g, df, dg, options, is_plain(options)};
}

template <class G>
concept differentiable_or_none = differentiable<G> || std::same_as<G, no_function>;
/// Element types that both functions and their derivatives take.
template <class F, class G, class... R>
concept gradient_for =
    glu_for<F, G, R...> && derivative_for<F, R...> && (std::same_as<G, no_function> || derivative_for<G, R...>);

} // namespace detail

/// The gradients of a gated unit, given that of its result: for f(gate) * up they are d_gate = dy * up * f'(gate) and
/// d_up = dy * f(gate), in one pass. The unit may be in a tier.
///
/// *Shapes*: five contiguous ranges of equal length, or `rows` of one shape; each output may be one of the inputs, but
/// not both the same. Element types may differ: computed in the widest and rounded once. *Accuracy*: those of f and
/// `derivative(f)`, and two roundings of products. *Special*: where gate or up is beyond `limit`, its gradient is 0; at
/// the limit it passes, as in PyTorch's clamp. NaN goes where the formulas take it.
/// @throws std::invalid_argument as the unit does, and when the outputs overlap; nothing has been written then.
///
/// @code
/// std::vector<float> gate(64), up(64), dy(64), d_gate(64), d_up(64);
/// xact::backward(xact::swiglu, gate, up, dy, d_gate, d_up);
/// xact::backward(xact::swiglu, gate, up, dy, d_gate, d_up, {.accumulate = true});
/// @endcode
template <differentiable F, detail::differentiable_or_none G, class Gate, class Up, class DY, class DGate, class DUp>
  requires detail::all_readable<Gate, Up, DY, DGate, DUp> && detail::output_argument<DGate &&> &&
           detail::output_argument<DUp &&> && detail::gradient_for<F, G, Gate, Up, DY, DGate, DUp>
inline void backward(const glu_t<F, G> &unit, const Gate &gate, const Up &up, const DY &dy, DGate &&d_gate, DUp &&d_up,
                     const glu_options &options = {}) {
  using namespace detail;
  using V = glu_lane<Gate, Up, DY, DGate, DUp>;
  require_glu_options(options, false, true);
  require_meaning(untiered(unit.f)), require_meaning(untiered(unit.g));
  const auto to = writes(as_rows(d_gate), as_rows(d_up));
  check_views(call_names<3, 2>{"backward", {"gate", "up", "dy"}, {"d_gate", "d_up"}}, to, as_rows(gate), as_rows(up),
              as_rows(dy));
  const auto gradient = gradient_of(unit, options);
  const auto run = [&](const auto &outputs, const auto &first, const auto &second) {
    if (options.accumulate) {
      map_views<V>(gradient, two_pointers(), outputs, first, second, as_rows(dy), outputs.first, outputs.second);
    } else {
      map_views<V>(gradient, two_pointers(), outputs, first, second, as_rows(dy));
    }
  };
  if (options.swapped) {
    run(writes(to.second, to.first), as_rows(up), as_rows(gate));
  } else {
    run(to, as_rows(gate), as_rows(up));
  }
}

/// The gradient of a gated unit of one range, or of rows, that holds both halves: laid out as the input is. `d_in` may
/// be `in`.
/// @throws std::invalid_argument as the unit does; nothing has been written then.
///
/// @code
/// std::vector<float> fused(2 * 64 * 8), dy(64 * 8), d_fused(2 * 64 * 8);
/// xact::backward(xact::swiglu, xact::rows(fused, 2 * 64), xact::rows(dy, 64), xact::rows(d_fused, 2 * 64),
///                {.layout = xact::glu_layout::halves});
/// @endcode
template <differentiable F, detail::differentiable_or_none G, class In, class DY, class DIn>
  requires detail::all_readable<In, DY, DIn> && detail::output_argument<DIn &&> &&
           detail::gradient_for<F, G, In, DY, DIn>
inline void backward(const glu_t<F, G> &unit, const In &in, const DY &dy, DIn &&d_in, const glu_options &options) {
  using namespace detail;
  using V = glu_lane<In, DY, DIn>;
  require_glu_options(options, true, true);
  require_meaning(untiered(unit.f)), require_meaning(untiered(unit.g));
  const auto from = as_rows(in);
  const auto gradients = as_rows(dy);
  const auto to = as_rows(d_in);
  const argument read = named("in", from), above = named("dy", gradients), written = named("d_in", to);
  require_half("backward", read, above);
  require_same_shape("backward", read, written);
  require_apart("backward", read, written);
  require_apart("backward", above, written, false);
  const auto gradient = gradient_of(unit, options);
  const of_pairs<std::remove_cv_t<decltype(gradient)>> pairs{gradient, options.swapped};
  using E = argument_element_t<In>;
  using Y = argument_element_t<DY>;
  using D = argument_element_t<DIn>;
  for (std::size_t r = 0; r < gradients.count; ++r) {
    const std::size_t n = gradients.columns;
    const Y *const dys = gradients[r];
    if (options.layout == glu_layout::interleaved) {
      const interleaved<D> out{to[r]};
      if (options.accumulate) {
        map<V>(pairs, n, out, interleaved<const E>{from[r]}, dys, interleaved<const D>{to[r]});
      } else {
        map<V>(pairs, n, out, interleaved<const E>{from[r]}, dys);
      }
    } else {
      const E *const x = from[r];
      const std::size_t first = options.swapped ? n : 0, second = n - first;
      const pointer_pair<D, D> out{to[r] + first, to[r] + second};
      if (options.accumulate) {
        map<V>(gradient, n, out, x + first, x + second, dys, static_cast<const D *>(out.y),
               static_cast<const D *>(out.z));
      } else {
        map<V>(gradient, n, out, x + first, x + second, dys);
      }
    }
  }
}

namespace detail {
/// Activations, gated units, and softmax and its kin, which have none.
template <class F, class...>
inline constexpr bool has_no_other_backward =
    has_kernels<std::remove_cvref_t<F>> || is_gated<std::remove_cvref_t<F>> || is_row_function<std::remove_cvref_t<F>>;
} // namespace detail
XACT_REFUSES_GRADIENTS(backward, detail::has_no_other_backward, backward_options, backward_form,
                       (.least = 3, .most = 5, .outputs = n == 5 ? 2u : 1u),
                       "xact: backward(f, x, dy, dx) of ranges or rows, where f has a derivative; of a gated unit "
                       "backward(f, gate, up, dy, d_gate, d_up) or backward(f, in, dy, d_in, {.layout = ...}); "
                       "of softmax and its kin backward_from_output")
XACT_REFUSED_LISTS(backward, detail::backward_form)

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
