#pragma once

/// @file
/// The kinds of numbers in a range, counted, as a type that may stand between files of different flags.

#include <xact/detail/config.hpp>

#include <cstddef>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// The result of `inspect` for a range, and of `watch` for all that an operation writes. Each element is counted in
/// `count`, and in at most one of the kinds from `nan` to `subnormal`; the numbers of all others are normal.
///
/// Trivially copyable and of fixed size, so that its bytes can be sent between the processes of one build; those of
/// parts merge to that of the whole, in any order.
///
/// @code
/// xact::census all;
/// all.merge(xact::inspect(std::vector{1.0f, -0.0f}));
/// const double broken = all.nan_rate(); // 0
/// @endcode
struct census {
  std::size_t count = 0; ///< elements
  std::size_t nan = 0;
  std::size_t positive_infinity = 0;
  std::size_t negative_infinity = 0;
  std::size_t zero = 0;           ///< +0; of int8, uint8 and int4 the code 0
  std::size_t negative_zero = 0;  ///< -0
  std::size_t subnormal = 0;      ///< not 0, and nearer to it than the type's smallest normal number
  std::size_t saturated_low = 0;  ///< lowest codes of int8, uint8 and int4; of 16- and 8-bit floats -largest
  std::size_t saturated_high = 0; ///< highest codes; the largest finite number
  /// The extremes of all that is not NaN, infinities too, -0 below +0; none: infinity and -infinity.
  double minimum = __builtin_inf();
  double maximum = -__builtin_inf();
  std::size_t first_nan = static_cast<std::size_t>(-1); ///< the least index of a NaN; none: the largest number

  XACT_INLINE constexpr census() noexcept {}

  /// The share of NaN, of nothing 0.
  [[nodiscard]] XACT_INLINE constexpr double nan_rate() const noexcept { return count == 0 ? 0.0 : share(nan); }
  /// The share of what is saturated, of nothing 0.
  [[nodiscard]] XACT_INLINE constexpr double saturation() const noexcept {
    return count == 0 ? 0.0 : share(saturated_low + saturated_high);
  }

  /// Adds what another has counted.
  XACT_INLINE constexpr void merge(const census &other) noexcept {
    count += other.count;
    nan += other.nan;
    positive_infinity += other.positive_infinity;
    negative_infinity += other.negative_infinity;
    zero += other.zero;
    negative_zero += other.negative_zero;
    subnormal += other.subnormal;
    saturated_low += other.saturated_low;
    saturated_high += other.saturated_high;
    minimum = is_less(other.minimum, minimum) ? other.minimum : minimum;
    maximum = is_less(maximum, other.maximum) ? other.maximum : maximum;
    first_nan = other.first_nan < first_nan ? other.first_nan : first_nan;
  }

private:
  XACT_INLINE constexpr double share(std::size_t part) const noexcept {
    return static_cast<double>(part) / static_cast<double>(count);
  }
  XACT_INLINE static constexpr bool is_less(double a, double b) noexcept {
    return a < b || (a == b && __builtin_signbit(a) > __builtin_signbit(b));
  }
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
