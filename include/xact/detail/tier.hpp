#pragma once

#include <xact/detail/arch.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// How much accuracy a kernel is asked for. See `fast` and `exact` in exact.hpp. On double lanes `exact` asks for the
/// evaluation that is rounded to float, or to a smaller type, afterwards: a relative error below 2^-50 and no ties.
namespace tier {
struct standard {};
struct fast {};
struct exact {};
} // namespace tier

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
