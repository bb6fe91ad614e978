#pragma once

#include <xact/detail/lanes/deinterleave.hpp>
#include <xact/exact.hpp>
#include <xact/gelu.hpp>
#include <xact/relu.hpp>
#include <xact/rows.hpp>
#include <xact/silu.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Where the gate and the other half of a gated unit lie.
///
/// @code
/// std::vector<float> gates_and_ups(128), out(64);
/// xact::swiglu(gates_and_ups, out, {.layout = xact::glu_layout::halves});
/// @endcode
enum class glu_layout {
  separate,   ///< two ranges
  halves,     ///< one range, or each row of one: all gates, then all others (a fused projection split in two)
  interleaved ///< one range: gate, other, gate, other ... (GPT-OSS)
};

/// How a gated unit departs from f(gate) * up: g = min(gate, limit), u = min(max(up, -limit), limit) + offset, and the
/// result is f(alpha * g) / alpha * u. GPT-OSS: {.limit = 7, .alpha = 1.702, .offset = 1} with silu; DeepSeek: a limit.
///
/// @code
/// const xact::glu_options gpt_oss{
///     .layout = xact::glu_layout::interleaved, .limit = 7.0, .alpha = 1.702, .offset = 1.0};
/// std::vector<float> pairs(128), out(64);
/// xact::swiglu(pairs, out, gpt_oss);
/// @endcode
struct glu_options {
  glu_layout layout = glu_layout::separate;
  double limit = __builtin_inf();
  double alpha = 1.0;
  double offset = 0.0;
};

namespace detail {

/// f(gate) * up.
template <class F> struct plain_gate {
  F f;
  template <class V> XACT_INLINE V operator()(const V &gate, const V &up) const noexcept {
    return evaluate<tier::standard>(f, gate) * up;
  }
};

/// f(alpha * g) / alpha * u, as `glu_options` says.
template <class F> struct shaped_gate {
  F f;
  const glu_options &options;
  template <class V> XACT_INLINE V operator()(const V &gate, const V &up) const noexcept {
    using T = scalar_t<V>;
    const V limit(static_cast<T>(options.limit));
    const V alpha(static_cast<T>(options.alpha));
    const V g = at_most(gate, limit);
    const V u = at_most(at_least(up, V(static_cast<T>(-options.limit))), limit) + V(static_cast<T>(options.offset));
    const V z = mul_add(alpha, g, V(T(-0.0))); // a bare product might be fused into f
    return divide(evaluate<tier::standard>(f, z), alpha) * u;
  }
};

template <class F, class V> inline constexpr std::size_t unroll<plain_gate<F>, V> = unroll<kernel_call<F>, V>;

/// out[i] = f(in[2i], in[2i + 1]) for i < n.
template <class V, class F, class In, class Out>
inline void map_pairs(const F &f, std::size_t n, Out *out, const In *in) {
  const auto of_pair = [&](const pack<V, 2> &x) XACT_INLINE { return V(f(x.part[0], x.part[1])); };
  map<V>(of_pair, n, out, interleaved<const In>{in});
}

inline void require_glu_options(const glu_options &options, bool one_range) {
  if ((options.layout == glu_layout::separate) == one_range) [[unlikely]] {
    refuse(one_range ? "xact: glu of one range needs the layout halves or interleaved"
                     : "xact: glu of two ranges needs the layout separate");
  }
  if (!(options.limit > 0.0)) [[unlikely]] {
    refuse("xact: glu's limit must be positive, not %g", options.limit);
  }
  if (!(options.alpha > 0.0 && options.alpha < __builtin_inf())) [[unlikely]] {
    refuse("xact: glu's alpha must be positive and finite, not %g", options.alpha);
  }
}

inline bool is_plain(const glu_options &options) noexcept {
  return options.limit == __builtin_inf() && options.alpha == 1.0 && options.offset == 0.0;
}

/// Calls `with` on the cheaper of the two gates that does what the options say.
template <class F, class With> inline void choose_gate(const F &f, const glu_options &options, const With &with) {
  if (is_plain(options)) {
    with(plain_gate<F>{f});
  } else {
    with(shaped_gate<F>{f, options});
  }
}

template <class F, class In, class Out> inline void glu_rows(const F &f, const glu_options &options, In in, Out out) {
  using E = std::remove_cvref_t<decltype(*in.data)>;
  using O = std::remove_cvref_t<decltype(*out.data)>;
  using V = native<compute_t<E, O>>;
  require_glu_options(options, true);
  if (in.count != out.count) [[unlikely]] {
    refuse("xact: the input has %zu rows and the output has %zu", in.count, out.count);
  }
  if (in.count != 0 && in.columns != 2 * out.columns) [[unlikely]] {
    refuse("xact: glu makes rows of half the columns, not of %zu columns rows of %zu", in.columns, out.columns);
  }
  require_disjoint(in.data, in.extent() * sizeof(E), out.data, out.extent() * sizeof(O));
  choose_gate(f, options, [&](const auto &gate) {
    for (std::size_t row = 0; row < in.count; ++row) {
      if (options.layout == glu_layout::halves) {
        map<V>(gate, out.columns, out[row], static_cast<const E *>(in[row]),
               static_cast<const E *>(in[row] + out.columns));
      } else {
        map_pairs<V>(gate, out.columns, out[row], static_cast<const E *>(in[row]));
      }
    }
  });
}

} // namespace detail

/// Gated linear unit of two ranges: out = f(gate) * up, or what `options` make of it, in one pass.
///
/// *Shapes*: three contiguous ranges of equal length; `out` may be one of the inputs. Element types may differ: the
/// product is formed in the widest and rounded once. *Accuracy*: f's own and one rounding of the product. *Special*:
/// NaN in either gives NaN there; 0 * infinity is NaN, as the definition has it. *Source*: Shazeer, "GLU Variants
/// Improve Transformer" (2020); limit, alpha, offset as in GPT-OSS and DeepSeek.
/// @throws std::invalid_argument when lengths differ, `out` overlaps an input without being it, the layout is not
///         `separate`, or limit or alpha is not positive; nothing has been written then.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::glu(gate, up, out, xact::silu);
/// @endcode
template <readable_range Gate, readable_range Up, writable_range Out, class F>
  requires kernel_for<F, detail::compute_t<detail::element_t<Gate>, detail::element_t<Up>, detail::element_t<Out>>>
inline void glu(const Gate &gate, const Up &up, Out &&out, const F &f, const glu_options &options = {}) {
  detail::require_glu_options(options, false);
  detail::choose_gate(f, options, [&](const auto &g) { detail::map_ranges(g, out, gate, up); });
}

/// Gated linear unit of rows that hold both halves: `rows(in, 2 * columns)` to `rows(out, columns)`.
///
/// @throws std::invalid_argument when the shapes do not fit, input and output overlap, the layout is `separate`, or one
///         of `limit` and `alpha` is not positive; nothing has been written then.
///
/// @code
/// std::vector<float> fused(2 * 64 * 8), out(64 * 8);
/// xact::glu(xact::rows(fused, 2 * 64), xact::rows(out, 64), xact::silu, {.layout = xact::glu_layout::halves});
/// @endcode
template <class E, class O, class F>
  requires kernel_for<F, detail::compute_t<std::remove_cv_t<E>, O>>
inline void glu(const row_view<E> &in, const row_view<O> &out, const F &f, const glu_options &options) {
  detail::glu_rows(f, options, in, out);
}

/// Gated linear unit of one range that holds both halves; `out` is half as long. Throws as that of rows.
///
/// @code
/// std::vector<float> fused(2 * 64), out(64);
/// xact::glu(fused, out, xact::silu, {.layout = xact::glu_layout::interleaved});
/// @endcode
template <readable_range In, writable_range Out, class F>
  requires kernel_for<F, detail::compute_t<detail::element_t<In>, detail::element_t<Out>>>
inline void glu(const In &in, Out &&out, const F &f, const glu_options &options) {
  const auto n = static_cast<std::size_t>(std::ranges::size(in));
  const auto m = static_cast<std::size_t>(std::ranges::size(out));
  detail::glu_rows(f, options, row_view<const detail::element_t<In>>{std::ranges::data(in), 1, n, n},
                   row_view<detail::element_t<Out>>{std::ranges::data(out), 1, m, m});
}

/// A gated unit with its activation fixed; `accurate(swiglu)` and `exact(swiglu)` choose its tier.
///
/// @code
/// constexpr xact::gated_t<xact::sigmoid_t> original{}; // sigmoid(gate) * up
/// std::vector<float> gate(64), up(64), out(64);
/// original(gate, up, out);
/// @endcode
template <class F> struct gated_t {
  F f;

  /// As `glu`, without its argument `f`.
  template <class Gate, class Up, writable_range Out>
  void operator()(const Gate &gate, const Up &up, Out &&out, const glu_options &options = {}) const {
    glu(gate, up, out, f, options);
  }
  template <class In, class Out> void operator()(const In &in, Out &&out, const glu_options &options) const {
    glu(in, out, f, options);
  }
};

/// silu(gate) * up: the feed-forward unit of Llama, Mistral, DeepSeek, GPT-OSS. *Source*: ONNX SwiGLU.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::swiglu(gate, up, out);
/// @endcode
inline constexpr gated_t<silu_t> swiglu{};
/// gelu(gate) * up.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::geglu(gate, up, out);
/// @endcode
inline constexpr gated_t<gelu_t> geglu{};
/// relu(gate) * up.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::reglu(gate, up, out);
/// @endcode
inline constexpr gated_t<relu_t> reglu{};

/// f(gate) * up with f in the accurate tier.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::accurate(xact::swiglu)(gate, up, out);
/// @endcode
template <class F> constexpr gated_t<accurate_t<F>> accurate(const gated_t<F> &g) { return {accurate(g.f)}; }
/// f(gate) * up with f correctly rounded, and so the same bits everywhere.
///
/// @code
/// std::vector<float> gate(64), up(64), out(64);
/// xact::exact(xact::geglu)(gate, up, out);
/// @endcode
template <class F> constexpr gated_t<exact_t<F>> exact(const gated_t<F> &g) { return {exact(g.f)}; }

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
