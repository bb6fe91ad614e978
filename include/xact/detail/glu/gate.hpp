#pragma once

/// @file
/// Gated units and their gradients as functions of lanes.

#include <xact/detail/call/mistakes.hpp>
#include <xact/detail/types/glu_options.hpp>

#include <utility>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The second function of `glu(f)`: none.
struct no_function {
  template <class V> XACT_INLINE constexpr V operator()(const V &x) const noexcept { return x; }
};

/// f(gate) * g(up).
template <class F, class G> struct plain_gate {
  F f;
  G g;
  template <class V> XACT_INLINE V operator()(const V &gate, const V &up) const noexcept {
    return evaluate<tier::standard>(f, gate) * evaluate<tier::standard>(g, up);
  }
};
template <class F, class G, class V>
inline constexpr std::size_t unroll<plain_gate<F, G>, V> = unroll<kernel_call<F>, V>;

/// What `glu_options` make of gate and up: alpha * min(gate, limit), and up within the limits plus the offset. An
/// offset of two parts keeps its sum's accuracy where up + offset cancels.
template <class V> struct gate_and_up {
  V z, u;

  XACT_INLINE gate_and_up(const glu_options &options, const V &gate, const V &up) noexcept {
    using T = scalar_t<V>;
    const V limit(static_cast<T>(options.limit));
    const T offset = static_cast<T>(options.offset);
    const V g = at_most(gate, limit);
    z = options.alpha == 1 ? g : mul_add(V(static_cast<T>(options.alpha)), g, V(T(-0.0))); // not to be fused into f
    u = at_most(at_least(up, V(static_cast<T>(-options.limit))), limit) + V(offset) +
        V(static_cast<T>(options.offset - static_cast<double>(offset)));
  }
};

/// Whether F, in whichever tier, has double lanes; a kernel of the user's may have none.
template <class F> inline constexpr bool widens = computes<untiered_t<F>, double>;

/// Whether float lanes go through double: an argument of f that is rounded to float would cost f's tail as many ULP as
/// it is large (77 of silu at alpha * gate = -49). G is the second function, of up + offset.
template <class G> XACT_INLINE inline bool rounds_an_argument(const glu_options &options) noexcept {
  const auto is_float = [](double x) XACT_INLINE { return static_cast<double>(static_cast<float>(x)) == x; };
  return options.alpha != 1 || !is_float(options.limit) || (!std::is_same_v<G, no_function> && options.offset != 0);
}

/// f of any lanes, as a factor. On double lanes an exact f is only what is to be rounded to float (where that gives 0,
/// the double may be anything small): there it is the accurate one.
template <class F, class V> XACT_INLINE inline V factor(const F &f, const V &x) noexcept {
  if constexpr (is_exact<F>() && sizeof(scalar_t<V>) == 8) {
    return evaluate<tier::accurate>(untiered(f), x);
  } else {
    return evaluate<tier::standard>(f, x);
  }
}

/// f(alpha * g) / alpha * u, as `glu_options` says, divided first: f(alpha * g) * u may overflow where this does not.
template <class F, class G> struct shaped_gate {
  F f;
  G g;
  glu_options options;
  bool rounds = rounds_an_argument<G>(options);
  template <class V> XACT_INLINE V operator()(const V &gate, const V &up) const noexcept {
    if constexpr (std::is_same_v<scalar_t<V>, float> && widens<F> && widens<G>) {
      if (rounds) {
        return to_float((*this)(to_double(gate), to_double(up)));
      }
    }
    const gate_and_up<V> of(options, gate, up);
    const V y = factor(f, of.z);
    return (options.alpha == 1 ? y : divide(y, V(static_cast<scalar_t<V>>(options.alpha)))) * factor(g, of.u);
  }
};

/// f(x) and f'(x).
template <class F, class D, class V>
XACT_INLINE inline std::pair<V, V> value_and_slope(const F &f, const D &derivative, const V &x) noexcept {
  if constexpr (requires { f.with_derivative(x); }) {
    const auto [y, slope] = f.with_derivative(x);
    return {y, slope};
  } else {
    return {factor(f, x), factor(derivative, x)};
  }
}

/// The gradients of gate and up, from gate, up and that of the result. Where a limit is passed, none comes through; at
/// the limit itself it does, as in PyTorch. DF, DG are the derivatives of F and G; G may be no_function.
template <class F, class G, class DF, class DG> struct gate_gradient {
  F f;
  G g;
  DF df;
  DG dg;
  glu_options options;
  bool plain;
  bool rounds = rounds_an_argument<G>(options);

  template <class V> XACT_INLINE std::pair<V, V> operator()(const V &gate, const V &up, const V &dy) const noexcept {
    if (plain) {
      return of(gate, up, dy);
    }
    if constexpr (std::is_same_v<scalar_t<V>, float> && widens<F> && widens<G> && widens<DF> && widens<DG>) {
      if (rounds) {
        const auto [dz, du] = (*this)(to_double(gate), to_double(up), to_double(dy));
        return {to_float(dz), to_float(du)};
      }
    }
    using T = scalar_t<V>;
    const gate_and_up<V> shaped(options, gate, up);
    auto [dz, du] = of(shaped.z, shaped.u, dy);
    if (options.alpha != 1) {
      du = divide(du, V(static_cast<T>(options.alpha)));
    }
    const V zero(T(0)), limit(static_cast<T>(options.limit));
    return {select(limit < gate, zero, dz), select(limit < abs(up), zero, du)};
  }
  /// The same, added to what there was.
  template <class V>
  XACT_INLINE std::pair<V, V> operator()(const V &gate, const V &up, const V &dy, const V &gate_before,
                                         const V &up_before) const noexcept {
    const auto [dz, du] = (*this)(gate, up, dy);
    return {V(gate_before + dz), V(up_before + du)};
  }

private:
  template <class V> XACT_INLINE std::pair<V, V> of(const V &z, const V &u, const V &dy) const noexcept {
    const auto [y, slope] = value_and_slope(f, df, z);
    if constexpr (std::is_same_v<G, no_function>) {
      return {V(V(dy * u) * slope), V(dy * y)};
    } else {
      const auto [v, v_slope] = value_and_slope(g, dg, u);
      return {V(V(dy * v) * slope), V(V(dy * y) * v_slope)};
    }
  }
};

/// A gradient of interleaved pairs.
template <class Gradient> struct of_pairs {
  Gradient gradient;
  bool swapped;

  template <class V> XACT_INLINE pack<V, 2> operator()(const pack<V, 2> &x, const V &dy) const noexcept {
    return ordered(gradient(x.part[swapped], x.part[!swapped], dy));
  }
  template <class V>
  XACT_INLINE pack<V, 2> operator()(const pack<V, 2> &x, const V &dy, const pack<V, 2> &before) const noexcept {
    const auto [dz, du] = gradient(x.part[swapped], x.part[!swapped], dy, before.part[swapped], before.part[!swapped]);
    return ordered(std::pair<V, V>(dz, du));
  }

private:
  template <class V> XACT_INLINE pack<V, 2> ordered(const std::pair<V, V> &d) const noexcept {
    pack<V, 2> r;
    r.part[0] = swapped ? d.second : d.first;
    r.part[1] = swapped ? d.first : d.second;
    return r;
  }
};

inline bool is_plain(const glu_options &options) noexcept {
  return options.limit == __builtin_inf() && options.alpha == 1.0 && options.offset == 0.0;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
