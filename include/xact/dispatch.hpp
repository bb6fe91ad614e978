#pragma once

/// @file
/// The same calls, compiled once per ISA in a library, `xact::dispatch`, that picks the best this CPU has: for programs
/// that ship to unknown machines. This header has no kernels; what it declares is light to include.

#include <xact/dispatch/activations.hpp>
#include <xact/dispatch/backward.hpp>
#include <xact/dispatch/glu.hpp>
#include <xact/dispatch/inspect.hpp>
#include <xact/dispatch/prelu.hpp>
#include <xact/dispatch/quantize.hpp>
#include <xact/dispatch/softmax.hpp>
#include <xact/dispatch/softmax_backward.hpp>
#include <xact/dispatch/softmax_state.hpp>
#include <xact/dispatch/watch.hpp>
#include <xact/float16.hpp>
#include <xact/float8.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace dispatch {

/// The ISA that calls use: "sse2", "avx2", "avx512" on x86-64.
///
/// @code
/// std::printf("%s\n", xact::dispatch::isa().data());
/// @endcode
[[nodiscard]] inline std::string_view isa() noexcept { return detail::dispatch_table().isa; }

/// The ISAs that the library was built for and this CPU runs, the best first. The environment variable XACT_ISA, set
/// before the first call, makes it use a lower one than the best.
///
/// @code
/// for (const std::string_view name : xact::dispatch::isas()) std::printf("%s\n", name.data());
/// @endcode
[[nodiscard]] inline std::span<const std::string_view> isas() noexcept {
  const std::string_view *names = nullptr;
  const std::size_t count = detail::types::isas(names);
  return {names, count};
}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
