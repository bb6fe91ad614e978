#pragma once

#include <xact/backward.hpp>
#include <xact/detail/types/freestanding.hpp>
#include <xact/glu.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// The gradients of f(gate) * up.
template <class F, class D> struct plain_gate_gradient {
  const F &f;
  const D &f_prime;
  template <class V> XACT_INLINE void operator()(const V &dy, V &gate, V &up) const noexcept {
    const V y = evaluate<tier::standard>(f, gate);
    gate = V(dy * up) * evaluate<tier::standard>(f_prime, gate);
    up = dy * y;
  }
};

/// The gradients of f(alpha * g) / alpha * u, as `glu_options` says. Where a limit is passed, none comes through; at
/// the limit itself it does, as in PyTorch.
template <class F, class D> struct shaped_gate_gradient {
  const F &f;
  const D &f_prime;
  const glu_options &options;
  template <class V> XACT_INLINE void operator()(const V &dy, V &gate, V &up) const noexcept {
    using T = scalar_t<V>;
    const V zero(T(0));
    const V limit(static_cast<T>(options.limit));
    const V alpha(static_cast<T>(options.alpha));
    const V g = mul_add(alpha, at_most(gate, limit), V(T(-0.0)));
    const V u = at_most(at_least(up, V(static_cast<T>(-options.limit))), limit) + V(static_cast<T>(options.offset));
    gate = select(limit < gate, zero, V(V(dy * u) * evaluate<tier::standard>(f_prime, g)));
    up = select(limit < abs(up), zero, V(dy * divide(evaluate<tier::standard>(f, g), alpha)));
  }
};

/// f on n elements of dy and as many pairs: gates and ups apart, or both interleaved in `gate` (and d_gate).
template <bool Interleaved, class V, class F, class DY, class G, class U, class DG, class DU>
inline void map_gradients(const F &f, std::size_t n, const DY *dy, const G *gate, const U *up, DG *d_gate, DU *d_up) {
  constexpr std::size_t step = lane_traits<V>::size;
  constexpr std::size_t stride = Interleaved ? 2 : 1;
  const auto one = [&](const auto *dy_at, const auto *gate_at, const auto *up_at, auto *d_gate_at,
                       auto *d_up_at) noexcept {
    V g = load_lanes<V>(gate_at), u;
    if constexpr (Interleaved) {
      u = load_lanes<V>(gate_at + step);
      deinterleave(g, u);
    } else {
      u = load_lanes<V>(up_at);
    }
    f(load_lanes<V>(dy_at), g, u);
    if constexpr (Interleaved) {
      zip(g, u);
      store_lanes(g, d_gate_at);
      store_lanes(u, d_gate_at + step);
    } else {
      store_lanes(g, d_gate_at);
      store_lanes(u, d_up_at);
    }
  };
  std::size_t i = 0;
  for (; n - i >= step; i += step) {
    one(dy + i, gate + stride * i, up + i, d_gate + stride * i, d_up + i);
  }
  if (i < n) {
    using T = scalar_t<V>;
    const std::size_t rest = n - i;
    T dys[step] = {}, gates[stride * step] = {}, ups[step] = {};
    DG d_gates[stride * step];
    DU d_ups[step];
    const auto widen = [](const auto *from, std::size_t count, T *to) noexcept {
      for (std::size_t k = 0; k < count; ++k) {
        to[k] = static_cast<T>(from[k]);
      }
    };
    widen(dy + i, rest, dys);
    widen(gate + stride * i, stride * rest, gates);
    if constexpr (!Interleaved) {
      widen(up + i, rest, ups);
    }
    one(static_cast<const T *>(dys), static_cast<const T *>(gates), static_cast<const T *>(ups), d_gates, d_ups);
    copy_n(d_gates, stride * rest, d_gate + stride * i);
    if constexpr (!Interleaved) {
      copy_n(d_ups, rest, d_up + i);
    }
  }
}

/// Calls `with` on the cheaper of the two gradients that does what the options say.
template <class F, class With> inline void choose_gradient(const F &f, const glu_options &options, const With &with) {
  const auto f_prime = derivative(f);
  using D = std::remove_cvref_t<decltype(f_prime)>;
  if (is_plain(options)) {
    with(plain_gate_gradient<F, D>{f, f_prime});
  } else {
    with(shaped_gate_gradient<F, D>{f, f_prime, options});
  }
}

template <class F, class DY, class In, class Out>
inline void glu_backward_rows(const F &f, const glu_options &options, DY dy, In in, Out d_in) {
  using E = std::remove_cvref_t<decltype(*in.data)>;
  using Y = std::remove_cvref_t<decltype(*dy.data)>;
  using O = std::remove_cvref_t<decltype(*d_in.data)>;
  using V = native<compute_t<E, Y, O>>;
  require_glu_options(options, true);
  if (in.count != dy.count || in.count != d_in.count) [[unlikely]] {
    refuse("xact: the gradient has %zu rows, the input %zu and its gradient %zu", dy.count, in.count, d_in.count);
  }
  if (in.count != 0 && (in.columns != 2 * dy.columns || in.columns != d_in.columns)) [[unlikely]] {
    refuse(
        "xact: glu_backward needs rows of twice %zu columns, the gradient's; the input's have %zu, its gradient's %zu",
        dy.columns, in.columns, d_in.columns);
  }
  const std::size_t bytes = d_in.extent() * sizeof(O);
  require_disjoint(dy.data, dy.extent() * sizeof(Y), d_in.data, bytes);
  if (in.stride == d_in.stride || in.count < 2) {
    require_same_or_disjoint(in.data, in.extent() * sizeof(E), d_in.data, bytes);
  } else {
    require_disjoint(in.data, in.extent() * sizeof(E), d_in.data, bytes);
  }
  choose_gradient(f, options, [&](const auto &gradient) {
    for (std::size_t row = 0; row < in.count; ++row) {
      const E *gate = in[row];
      O *d_gate = d_in[row];
      if (options.layout == glu_layout::halves) {
        map_gradients<false, V>(gradient, dy.columns, static_cast<const Y *>(dy[row]), gate, gate + dy.columns, d_gate,
                                d_gate + dy.columns);
      } else {
        map_gradients<true, V>(gradient, dy.columns, static_cast<const Y *>(dy[row]), gate, gate, d_gate, d_gate);
      }
    }
  });
}

/// The activation of a gated unit; an activation itself.
template <class F> constexpr const F &gate_function(const F &f) noexcept { return f; }
template <class F> constexpr const F &gate_function(const gated_t<F> &g) noexcept { return g.f; }
template <class F> using gate_function_t = std::remove_cvref_t<decltype(gate_function(std::declval<const F &>()))>;

template <class F, class... E>
concept gradient_for = differentiable<gate_function_t<F>> && derivative_for<gate_function_t<F>, E...>;

} // namespace detail

/// The gradients of `glu(gate, up, out, f, options)`, given that of `out`: for f(gate) * up they are d_gate =
/// dy * up * f'(gate) and d_up = dy * f(gate), in one pass. f is the activation or the unit: silu or swiglu, also in a
/// tier.
///
/// *Shapes*: five contiguous ranges of equal length; each output may be one of the inputs, but not both the same.
/// Element types may differ: computed in the widest and rounded once. *Accuracy*: those of f and `derivative(f)`, and
/// two roundings of products. *Special*: where gate or up is beyond `limit`, its gradient is 0; at the limit it passes,
/// as in PyTorch's clamp. NaN goes where the
/// formulas take it.
/// @throws std::invalid_argument as `glu` does, and when the outputs overlap; nothing has been written then.
///
/// @code
/// std::vector<float> gate(64), up(64), dy(64), d_gate(64), d_up(64);
/// xact::glu_backward(gate, up, dy, d_gate, d_up, xact::swiglu);
/// @endcode
template <readable_range Gate, readable_range Up, readable_range DY, writable_range DGate, writable_range DUp, class F>
  requires detail::gradient_for<F, detail::element_t<Gate>, detail::element_t<Up>, detail::element_t<DY>,
                                detail::element_t<DGate>, detail::element_t<DUp>>
inline void glu_backward(const Gate &gate, const Up &up, const DY &dy, DGate &&d_gate, DUp &&d_up, const F &f,
                         const glu_options &options = {}) {
  using namespace detail;
  using V = native<compute_t<element_t<Gate>, element_t<Up>, element_t<DY>, element_t<DGate>, element_t<DUp>>>;
  require_glu_options(options, false);
  const auto n = static_cast<std::size_t>(std::ranges::size(dy));
  const auto checked = [n](const auto &range, const auto &out) {
    require_equal_length(static_cast<std::size_t>(std::ranges::size(range)), n);
    require_same_or_disjoint(std::ranges::data(range), n * sizeof(element_t<decltype(range)>), std::ranges::data(out),
                             n * sizeof(element_t<decltype(out)>));
  };
  require_equal_length(static_cast<std::size_t>(std::ranges::size(d_gate)), n);
  require_equal_length(static_cast<std::size_t>(std::ranges::size(d_up)), n);
  checked(gate, d_gate);
  checked(gate, d_up);
  checked(up, d_gate);
  checked(up, d_up);
  checked(dy, d_gate);
  checked(dy, d_up);
  require_disjoint(std::ranges::data(d_gate), n * sizeof(element_t<DGate>), std::ranges::data(d_up),
                   n * sizeof(element_t<DUp>));
  choose_gradient(gate_function(f), options, [&](const auto &gradient) {
    map_gradients<false, V>(gradient, n, static_cast<const element_t<DY> *>(std::ranges::data(dy)),
                            static_cast<const element_t<Gate> *>(std::ranges::data(gate)),
                            static_cast<const element_t<Up> *>(std::ranges::data(up)), std::ranges::data(d_gate),
                            std::ranges::data(d_up));
  });
}

/// The gradient of `glu(rows(in, 2 * columns), rows(out, columns), f, options)`: both halves, laid out as the input is.
/// `d_in` may be `in`.
/// @throws std::invalid_argument as `glu` does; nothing has been written then.
///
/// @code
/// std::vector<float> fused(2 * 64 * 8), dy(64 * 8), d_fused(2 * 64 * 8);
/// xact::glu_backward(xact::rows(fused, 2 * 64), xact::rows(dy, 64), xact::rows(d_fused, 2 * 64), xact::swiglu,
///                    {.layout = xact::glu_layout::halves});
/// @endcode
template <class E, class Y, class O, class F>
  requires detail::gradient_for<F, std::remove_cv_t<E>, std::remove_cv_t<Y>, O>
inline void glu_backward(const row_view<E> &in, const row_view<Y> &dy, const row_view<O> &d_in, const F &f,
                         const glu_options &options) {
  detail::glu_backward_rows(detail::gate_function(f), options, dy, in, d_in);
}

/// The same for one range that holds both halves.
///
/// @code
/// std::vector<float> fused(2 * 64), dy(64), d_fused(2 * 64);
/// xact::glu_backward(fused, dy, d_fused, xact::swiglu, {.layout = xact::glu_layout::interleaved});
/// @endcode
template <readable_range In, readable_range DY, writable_range DIn, class F>
  requires detail::gradient_for<F, detail::element_t<In>, detail::element_t<DY>, detail::element_t<DIn>>
inline void glu_backward(const In &in, const DY &dy, DIn &&d_in, const F &f, const glu_options &options) {
  using namespace detail;
  const auto n = static_cast<std::size_t>(std::ranges::size(in));
  const auto m = static_cast<std::size_t>(std::ranges::size(dy));
  const auto k = static_cast<std::size_t>(std::ranges::size(d_in));
  glu_backward_rows(gate_function(f), options, row_view<const element_t<DY>>{std::ranges::data(dy), 1, m, m},
                    row_view<const element_t<In>>{std::ranges::data(in), 1, n, n},
                    row_view<element_t<DIn>>{std::ranges::data(d_in), 1, k, k});
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
