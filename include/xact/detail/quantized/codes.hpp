#pragma once

/// @file
/// Real numbers to the codes of a quantized type and back, each rounded once.

#include <xact/detail/call/kernel.hpp>
#include <xact/detail/call/midpoints.hpp>
#include <xact/detail/types/quantization_checks.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// A result in double, and where the true value lies if they cannot be told apart: above (+1), below (-1), or just
/// there (0).
struct leaning {
  double y;
  int side;
};

/// f(x) from real arithmetic.
template <class F> [[gnu::noinline]] inline leaning leaning_of(const F &f, double x) noexcept {
  if constexpr (computes<F, double>) {
    using V = native<double>;
    using tier_for_midpoints = std::conditional_t<facts_of<F>().rational, tier::exact, tier::accurate>;
    const V y = evaluate<tier_for_midpoints>(f, V(x));
    return {first_lane(y), static_cast<int>(first_lane(side_of(f, V(x), y)))};
  } else {
    return {f(x), 0};
  }
}

/// The middle between the two codes of T that `steps` lies between.
template <class T> inline double middle(double steps) noexcept {
  if constexpr (is_float8<T>) {
    const double a = steps < 0 ? -steps : steps;
    const auto below = saturate_to<T>(a);
    const double value = static_cast<double>(static_cast<float>(below));
    const int step = a < value ? -1 : 1;
    const auto other = T::from_bits(static_cast<std::uint8_t>(below.bits + step));
    const double m = (value + static_cast<double>(static_cast<float>(other))) / 2; // of 448 NaN: no tie up there
    return steps < 0 ? -m : m;
  } else {
    return static_cast<double>(static_cast<int>(steps + 0x1p20)) - 0x1p20 + 0.5;
  }
}

/// y / scale, moved off the middle between two codes when the true value is off it. Products of a middle and a scale
/// are exact in double, a quotient is not.
template <class T> inline double steps_of(const leaning &result, float scale) noexcept {
  const double s = static_cast<double>(scale);
  const double steps = result.y / s;
  if (!(steps > -0x1p17 && steps < 0x1p17)) { // NaN, or beyond every code
    return steps;
  }
  const double m = middle<T>(steps);
  const double off = result.y - m * s;
  const double nearby = (result.y < 0 ? -result.y : result.y) * 0x1p-50;
  if (!(off <= nearby && off >= -nearby)) {
    return steps;
  }
  const double side = result.side != 0 ? result.side : off;
  const double quarter = (m < 0 ? -m : m) * 0x1p-20;
  return side > 0 ? m + quarter : side < 0 ? m - quarter : m;
}

/// round(steps) + zero_point, ties to even as in ONNX's QuantizeLinear, held in [low, high]; NaN gives the zero point.
inline int nearest(double steps, int zero_point, int low, int high) noexcept {
  if (steps != steps) {
    return zero_point;
  }
  const double held = steps < low - zero_point    ? low - zero_point
                      : steps > high - zero_point ? high - zero_point
                                                  : steps;
  return static_cast<int>((held + 0x1.8p52) - 0x1.8p52) + zero_point;
}

template <class T> inline double dequantize(int code, const quantization &q) noexcept {
  if constexpr (is_float8<T>) {
    return static_cast<double>(static_cast<float>(T::from_bits(static_cast<std::uint8_t>(code)))) *
           static_cast<double>(q.scale);
  } else {
    return static_cast<double>(code - q.zero_point) * static_cast<double>(q.scale);
  }
}

template <class T> inline int quantize(const leaning &result, const quantization &q) noexcept {
  const double steps = steps_of<T>(result, q.scale);
  if constexpr (is_float8<T>) {
    return saturate_to<T>(steps).bits;
  } else {
    constexpr int low = lowest_code<T>;
    return nearest(steps, q.zero_point, low, low + codes<T> - 1);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
