#pragma once

#include <xact/detail/config.hpp>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// How `backward` and `backward_from_output` write.
///
/// @code
/// const xact::backward_options sum_up{.accumulate = true};
/// @endcode
struct backward_options {
  using is_options_of_a_call = void;
  bool accumulate = false; ///< dx += dy * f'(x) instead of dx = dy * f'(x)
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
