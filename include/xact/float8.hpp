#pragma once

#include <xact/detail/types/narrow_float.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// OCP 8-bit float E4M3: 1 sign, 4 exponent and 3 mantissa bits; largest 448, smallest 2^-9, no infinity, one NaN.
///
/// A storage type as float16 is. What rounds beyond 448 becomes NaN, as the format has no infinity; `saturate` keeps
/// 448. *Source*: OCP 8-bit Floating Point Specification 1.0.
///
/// @code
/// std::vector<xact::float8_e4m3> layer(64, 0.5f);
/// xact::gelu(layer);
/// @endcode
using float8_e4m3 = detail::e4m3;

/// OCP 8-bit float E5M2: 1 sign, 5 exponent and 2 mantissa bits; largest 57344, smallest 2^-16, with infinities and
/// NaN.
///
/// @code
/// static_assert(float(xact::float8_e5m2(1.1f)) == 1.0f);
/// @endcode
using float8_e5m2 = detail::e5m2;

/// x in an 8- or 16-bit format, with what is too large held at the largest finite number; NaN stays NaN.
///
/// @code
/// static_assert(float(xact::saturate<xact::float8_e4m3>(1000.0f)) == 448.0f);
/// @endcode
template <class Small, class T>
  requires std::is_floating_point_v<T>
[[nodiscard]] constexpr Small saturate(T x) noexcept {
  return detail::saturate_to<Small>(x);
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
