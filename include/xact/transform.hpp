#pragma once

/// @file
/// The call forms: a value, ranges, and your own function of several ranges.

#include <xact/detail/call/loop.hpp>
#include <xact/detail/types/checks.hpp>

#include <iterator>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class... Args> inline constexpr bool is_value_call = false;
template <class X> inline constexpr bool is_value_call<X> = value<std::remove_cvref_t<X>>;

// The value goes through the same vector code as an array's elements: equal bits by construction, not by proof.
template <class F, element T>
  requires kernel_for<F, compute_t<T>>
XACT_INLINE inline T call(const F &f, const T &x) noexcept {
  using V = native<compute_t<T>>;
  const auto y = kernel_into<T, T>(f)(V(static_cast<compute_t<T>>(x)));
  if constexpr (narrow_element<T>) {
    T buffer[lane_traits<V>::size];
    store_lanes(y, buffer);
    return buffer[0];
  } else {
    return static_cast<T>(first_lane(y));
  }
}

template <class F, floating T, class A>
  requires kernel_for<F, T>
XACT_INLINE inline xsimd::batch<T, A> call(const F &f, const xsimd::batch<T, A> &x) noexcept {
  return f.kernel(tier::standard{}, x);
}

/// out = f(in...), checked.
template <class F, class Out, class... In> inline void map_ranges(const F &f, Out &out, const In &...in) {
  using V = native<compute_t<element_t<Out>, element_t<In>...>>;
  const auto n = static_cast<std::size_t>(std::ranges::size(out));
  auto *to = std::ranges::data(out);
  (require_equal_length(static_cast<std::size_t>(std::ranges::size(in)), n), ...);
  (require_same_or_disjoint(std::ranges::data(in), n * sizeof(element_t<In>), to, n * sizeof *to), ...);
  map<V>(f, n, to, static_cast<const element_t<In> *>(std::ranges::data(in))...);
}

/// next(f), or next of what f comes to at its usual parameters, if it says so by members `is_usual` and `usual`: no
/// loop then tests them, and the tables of one kernel only fill the registers (AVX-512: up to 20 % of fast softplus).
template <class F, class Next> XACT_INLINE inline void with_constants(const F &f, Next next) {
  if constexpr (requires { f.usual(); }) {
    if (f.is_usual()) {
      return next(f.usual());
    }
  }
  next(f);
}

template <class F, readable_range In, writable_range Out>
  requires kernel_for<F, compute_t<element_t<In>, element_t<Out>>>
inline void call(const F &f, const In &in, Out &out) {
  with_constants(f, [&](const auto &g) { map_ranges(kernel_into<element_t<Out>, element_t<In>>(g), out, in); });
}

template <class F, writable_range InOut>
  requires kernel_for<F, compute_t<element_t<InOut>>>
inline void call(const F &f, InOut &inout) {
  call(f, inout, inout);
}

template <class F, class X>
concept value_call = value<X> && kernel_for<F, compute_t<scalar_t<X>>>;
template <class F, class In, class Out>
concept range_call =
    readable_range<In> && writable_range<Out> && kernel_for<F, compute_t<element_t<In>, element_t<Out>>>;

template <class F, class... Args> inline constexpr bool accepts = false;
template <class F, class X>
inline constexpr bool accepts<F, X> = value_call<F, X> || (writable_range<X> && range_call<F, X, X>);
template <class F, class In, class Out> inline constexpr bool accepts<F, In, Out> = range_call<F, In, Out>;

} // namespace detail

/// Whether an activation F can be called with these arguments: one `xact::value`, an `xact::readable_range` and an
/// `xact::writable_range`, or one `xact::writable_range`, of element types that F's kernel takes (`xact::kernel_for`).
/// When a call does not compile, this is the concept that the compiler names: no activation takes integers, and
/// `exact` takes float only.
///
/// @code
/// static_assert(xact::callable_with<xact::gelu_t, float> && !xact::callable_with<xact::gelu_t, int>);
/// @endcode
template <class F, class... Args>
concept callable_with = detail::accepts<F, std::remove_reference_t<Args>...>;

/// Whether F maps lanes, one for each input, to a lane: `transform` takes it.
///
/// @code
/// const auto sum = [](auto v, auto w) { return v + w; };
/// static_assert(xact::fused_with<decltype(sum), std::vector<float>, std::vector<float>, std::vector<float>>);
/// @endcode
template <class F, class Out, class... In>
concept fused_with =
    writable_range<Out> && (readable_range<In> && ...) &&
    requires(const F &f, const detail::native<detail::compute_t<detail::element_t<Out>, detail::element_t<In>...>> &x) {
      { f((static_cast<void>(sizeof(In)), x)...) } -> std::convertible_to<std::remove_cvref_t<decltype(x)>>;
    };

/// out[i] = f(in[i]...): your own fused kernel from one to four inputs, in one pass.
///
/// `f` is any callable generic over the lane: it gets an `xsimd::batch` of float (of double when a range holds double),
/// on machines without SIMD the scalar, and may call activations and xsimd's functions on it. The ends of the arrays go
/// through the same code. Element types may differ: the value is computed in the widest and rounded once.
///
/// @throws std::invalid_argument when the lengths differ or an input and `out` overlap without being the same; nothing
///         has been written then.
///
/// @code
/// std::vector<float> x(64), bias(64), y(64);
/// xact::transform(x, bias, y, [](auto v, auto b) { return xact::silu(v + b); });
/// @endcode
template <class A, class Out, class F>
  requires fused_with<F, std::remove_reference_t<Out>, A>
inline void transform(const A &a, Out &&out, const F &f) {
  detail::map_ranges(f, out, a);
}
template <class A, class B, class Out, class F>
  requires fused_with<F, std::remove_reference_t<Out>, A, B>
inline void transform(const A &a, const B &b, Out &&out, const F &f) {
  detail::map_ranges(f, out, a, b);
}
template <class A, class B, class C, class Out, class F>
  requires fused_with<F, std::remove_reference_t<Out>, A, B, C>
inline void transform(const A &a, const B &b, const C &c, Out &&out, const F &f) {
  detail::map_ranges(f, out, a, b, c);
}
template <class A, class B, class C, class D, class Out, class F>
  requires fused_with<F, std::remove_reference_t<Out>, A, B, C, D>
inline void transform(const A &a, const B &b, const C &c, const D &d, Out &&out, const F &f) {
  detail::map_ranges(f, out, a, b, c, d);
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
