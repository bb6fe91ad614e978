#pragma once

/// @file
/// What makes a function an activation: up to four kernels, from which every call form, element type and tier follows.

#include <xact/concepts.hpp>
#include <xact/detail/call/forms.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Whether an activation F can be called with these arguments: one `xact::value`, an `xact::readable_range` and an
/// `xact::writable_range`, rows and rows, or one of what is written, of element types that F's kernel takes
/// (`xact::kernel_for`). A call that does not compile says why in the compiler's first lines.
///
/// @code
/// static_assert(xact::callable_with<xact::gelu_t, float> && !xact::callable_with<xact::gelu_t, int>);
/// @endcode
template <class F, class... Args>
concept callable_with = detail::accepts<F, std::remove_reference_t<Args>...> && !detail::last_is_temporary<Args...> &&
                        !(detail::is_list<std::remove_cvref_t<Args>> || ...);

/// Gives `Derived` its call forms. An activation of your own:
///
/// @code
/// struct quarter_circle_t : xact::activation<quarter_circle_t> {
///     template <class V> V standard(const V& x) const { return sqrt(V(1) + x * x); }
/// };
/// inline constexpr quarter_circle_t quarter_circle{};
/// @endcode
///
/// **Kernels.** Each is a member template over the lane type V: an `xsimd::batch` of float or double, or on a machine
/// without SIMD the scalar. It must treat every lane alike. Any may be missing:
/// - `standard(x)`: float lanes, at most 4 ULP. Where it takes double lanes too, it does for all types.
/// - `accurate(x)`: float lanes, at most 1 ULP. Missing: `rounded`.
/// - `rounded(x)`: double lanes, what is then rounded to float: a relative error below 2^-50, and a midpoint of two
///   floats only where f(x) is one. `exact(f)` needs it, and narrow results are correctly rounded by it. Missing:
///   `in_double`.
/// - `in_double(x)`: double lanes. Missing: `standard`.
///
/// Where it pays there are two more: `nearly_rounded(x)` is `rounded` without its care for midpoints, for float results
/// of the other tiers; `accurate_in_double(x)` is the accurate tier of double.
///
/// The results of 16 and 8 bits: correctly rounded where there is `rounded` or `in_double` and `standard` is within 4
/// ULP, else the float result of `standard`, rounded once more (0.501 ULP of the type where `standard` is near enough).
///
/// **What else a call may ask for**, each optional:
/// - `static constexpr facts about()`, with the members
///   - `exact`: a result is the input or a number of every type, so that nothing is ever rounded (relu);
///   - `rounded`: `standard` is correctly rounded in every type (relu_squared), so that it is all tiers;
///   - `rational`: a quotient of polynomials, whose values may be midpoints (hard_swish);
///   - `loose`: `standard` may be farther off than 4 ULP (derivatives, near their roots);
///   - `midpoints`: what is known of numbers of 16 bits, see `xact::midpoints`;
///   - `together`: by kernel, how many batches go through it side by side, so that their latencies overlap. Such a
///     kernel gets packs of batches, a type of the library's own; without it, a kernel never sees one.
/// - `constexpr auto derivative() const`: f', an activation; `derivative(f)` and `backward` call it.
/// - `constexpr detail::refusal refusal() const`: the fault of the parameters, if there is one; range calls throw it.
/// - `constexpr double steepest() const`: what abs(f') stays below. Then int32 accumulators are requantized in float.
/// - `side_of_midpoint(x, y)`, double lanes, y = f(x) rounded: 1, -1 or 0, as the true value lies above, below or at y
///   where a double cannot tell; midpoints of narrow types are rounded by it.
/// - `standard_for_16_bits(x)`: `standard` with a bit changed where a number of 16 bits needs it.
/// - `bool has_defaults() const` and `auto defaults() const`: whether the parameters are the default ones, and the
///   activation without parameters that they make; no loop then tests them.
///
/// **Call forms**
/// - `f(x)` for one value or one batch; `noexcept`.
/// - `f(in, out)` for contiguous ranges of equal length, the same range or disjoint ones; the element types may differ
///   (the value is computed in the wider one and rounded once).
/// - `f(rows, rows)` for strided rows of one shape, whose gaps stay what they are.
/// - `f(inout)` in place.
///
/// @throws std::invalid_argument (range calls) when the lengths differ, the ranges overlap without being the same, or a
///         parameter means nothing; nothing has been written then. Without exceptions: the message on stderr, and
///         abort.
template <class Derived> struct activation {
  XACT_CALL_FORMS(Derived)
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
