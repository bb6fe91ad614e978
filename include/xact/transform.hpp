#pragma once

/// @file
/// Your own function of several ranges, in one pass.

#include <xact/concepts.hpp>
#include <xact/detail/call/forms.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
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
