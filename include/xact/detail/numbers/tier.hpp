#pragma once

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// How much accuracy a kernel is asked for. See `fast` and `exact` in exact.hpp. On double lanes `exact` asks for the
/// evaluation that is rounded to float, or to a smaller type, afterwards: a relative error below 2^-50 and no ties.
///
/// @code
/// template <class Tier> constexpr bool in_a_hurry = std::is_same_v<Tier, xact::tier::fast>; // in a kernel of yours
/// static_assert(!in_a_hurry<xact::tier::standard> && !in_a_hurry<xact::tier::exact>);
/// @endcode
namespace tier {
struct standard {};
struct fast {};
struct exact {};
} // namespace tier

namespace detail {

/// Whether a tier has a kernel in float arithmetic. Without FMA the error terms are lost (2.4 ULP and more): there, as
/// in the exact tier, float goes through double.
template <class Tier, class V>
inline constexpr bool takes_float_kernel = sizeof(scalar_t<V>) == 4 && has_fma<V> && !std::is_same_v<Tier, tier::exact>;

} // namespace detail

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
