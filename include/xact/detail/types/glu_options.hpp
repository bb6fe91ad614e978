#pragma once

#include <xact/detail/types/checks.hpp>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// Where the gate and the other half of a gated unit lie.
///
/// @code
/// std::vector<float> gates_and_ups(128), out(64);
/// xact::swiglu(gates_and_ups, out, {.layout = xact::glu_layout::halves});
/// @endcode
enum class glu_layout {
  separate,   ///< two ranges, or two views of rows
  halves,     ///< one range, or each row of one: all gates, then all others (a fused projection split in two)
  interleaved ///< one range: gate, other, gate, other ... (GPT-OSS)
};

/// How a gated unit departs from f(gate) * up: g = min(gate, limit), u = min(max(up, -limit), limit) + offset, and the
/// result is f(alpha * g) / alpha * u. GPT-OSS: {.limit = 7, .alpha = 1.702, .offset = 1} with silu; DeepSeek: a limit.
///
/// @code
/// const xact::glu_options gpt_oss{
///     .layout = xact::glu_layout::interleaved, .limit = 7.0, .alpha = 1.702, .offset = 1.0};
/// std::vector<float> pairs(128), out(64);
/// xact::swiglu(pairs, out, gpt_oss);
/// @endcode
struct glu_options {
  using is_options_of_a_call = void;
  glu_layout layout = glu_layout::separate;
  bool swapped = false; ///< the gate is the second: of two ranges, halves or members of a pair
  double limit = __builtin_inf();
  double alpha = 1.0;
  double offset = 0.0;
  bool accumulate = false; ///< of `backward` only: adds to what the gradients held
};

} // namespace XACT_TYPES_NAMESPACE

inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline void require_glu_options(const glu_options &options, bool one_range, bool backward) {
  const char *const function = backward ? "backward" : "glu";
  if ((options.layout == glu_layout::separate) == one_range) [[unlikely]] {
    refuse(one_range ? "xact::%s: 'layout' of one range is halves or interleaved, not separate"
                     : "xact::%s: 'layout' of two ranges is separate",
           function);
  }
  if (is_nan_by_bits(options.limit) || options.limit <= 0) [[unlikely]] {
    refuse("xact::%s: 'limit' must be positive, not %g", function, options.limit);
  }
  if (!is_finite_by_bits(options.alpha) || options.alpha <= 0) [[unlikely]] {
    refuse("xact::%s: 'alpha' must be positive and finite, not %g", function, options.alpha);
  }
  if (options.alpha < 0x1p-512 || options.alpha > 0x1p512) [[unlikely]] { // alpha * gate is a normal double
    refuse("xact::%s: 'alpha' must be from 2^-512 to 2^512, not %g", function, options.alpha);
  }
  if (!is_finite_by_bits(options.offset)) [[unlikely]] {
    refuse("xact::%s: 'offset' must be finite, not %g", function, options.offset);
  }
  if (options.accumulate && !backward) [[unlikely]] {
    refuse("xact::%s: 'accumulate' is an option of backward", function);
  }
}

/// What a fused input has to do with an output of half its columns.
inline void require_half(const char *function, const argument &in, const argument &other) {
  if (in.count != other.count || (in.count != 0 && in.columns != 2 * other.columns)) [[unlikely]] {
    refuse("xact::%s: '%s' has %zu rows of %zu, which are not halves of the %zu rows of %zu of '%s'", function,
           other.name, other.count, other.columns, in.count, in.columns, in.name);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
