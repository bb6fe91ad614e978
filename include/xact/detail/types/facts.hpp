#pragma once

#include <xact/detail/config.hpp>

#include <cstddef>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The midpoints between two numbers of 16 bits that an activation's values come so near that float does not show on
/// which side of them they lie.
///
/// @code
/// static_assert(xact::tanh_t::about().midpoints == xact::midpoints::none);
/// @endcode
enum class midpoints {
  unknown,   ///< nobody has looked
  none,      ///< every number of 16 bits is known to be rounded right from `standard`
  near_zero, ///< likewise, except near 0, where the value is x/2 and a little more (silu)
  near_half  ///< likewise, except near 0, where the value is 1/2 + x/4 and a little nearer to 1/2 (sigmoid)
};

/// The facts of an activation that calls go by, from its member `static constexpr facts about()`; activation.hpp has
/// the meaning of each.
///
/// @code
/// constexpr xact::facts relu = xact::relu_t::about(), gelu = xact::gelu_t::about();
/// static_assert(relu.exact && !gelu.exact);
/// @endcode
struct facts {
  bool exact = false;    ///< a result is the input or a number of every type: `standard` is all there is
  bool rounded = false;  ///< `standard` is correctly rounded in every type: all tiers are `standard`
  bool rational = false; ///< a quotient of polynomials: a value may be a midpoint, and `rounded` gives it exactly then
  bool loose = false;    ///< `standard` may be farther off than 4 ULP: numbers of 16 and 8 bits come from `accurate`
  xact::midpoints midpoints = midpoints::unknown;
  /// How many batches go through each kernel together, as one pack; 0: a kernel never sees a pack.
  struct batches {
    std::size_t standard = 0, accurate = 0, rounded = 0, in_double = 0;
  } together = {};
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
