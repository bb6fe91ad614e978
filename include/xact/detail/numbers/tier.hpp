#pragma once

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// How much accuracy a kernel is asked for; `call/kernel.hpp` chooses by it. On double lanes, `exact` is what is
/// rounded to float or to a narrower type afterwards: a relative error below 2^-50, and no neighbour of a midpoint
/// taken for the midpoint. `nearly_exact` lacks the second half.
namespace tier {
struct standard {};
struct accurate {};
struct exact {};
} // namespace tier
struct nearly_exact {};

/// Lanes of float.
template <class V>
concept float_lanes = sizeof(scalar_t<V>) == 4;

/// Whether lanes are floats of which error terms of products are to be had. Without FMA they cost more than double.
template <class V>
concept fused_floats = sizeof(scalar_t<V>) == 4 && has_fma<V>;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
