#pragma once

/// @file
/// What makes a function an activation: one kernel, from which every call form follows.

#include <xact/transform.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Gives `Derived` its call forms from one template, `kernel`. An activation of your own:
///
/// @code
/// struct squareplus_t : xact::activation<squareplus_t> {
///     template <class Tier, class V> V kernel(Tier, const V& x) const noexcept {
///         return (x + sqrt(x * x + V(4))) * V(0.5f);
///     }
/// };
/// inline constexpr squareplus_t squareplus{};
/// @endcode
///
/// `kernel(tier, x)` gets a tier (`xact::tier::standard`, `fast` or `exact`; most kernels ignore it) and a lane: an
/// `xsimd::batch` of float or double, or on a machine without SIMD the scalar itself. It must treat every lane alike.
///
/// Call forms:
/// - `f(x)` for one value or one batch; `noexcept`.
/// - `f(in, out)` for contiguous ranges of equal length, the same range or disjoint ones; the element types may differ
///   (the value is computed in the wider one and rounded once).
/// - `f(inout)` in place.
///
/// @throws std::invalid_argument (range calls) when the lengths differ or the ranges overlap without being the same;
///         nothing has been written then. Without exceptions: the message on stderr, and abort.
template <class Derived> struct activation {
  template <class... Args>
    requires callable_with<Derived, Args...>
  XACT_INLINE auto operator()(Args &&...args) const noexcept(detail::is_value_call<Args...>) {
    return detail::call(static_cast<const Derived &>(*this), args...);
  }
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
