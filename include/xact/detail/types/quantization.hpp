#pragma once

#include <xact/detail/types/narrow_float.hpp>

#include <concepts>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// An integer q stands for (q - zero_point) * scale. For 8-bit floats: q * scale, and zero_point is 0.
///
/// @code
/// constexpr xact::quantization unsigned_half{.scale = 0.5f / 255, .zero_point = 0}; // 0 to 0.5 in uint8
/// @endcode
struct quantization {
  float scale = 1.0f;
  int zero_point = 0;
};

/// Two signed 4-bit integers (-8 to 7) in a byte, the first in the low half, as ONNX packs them.
///
/// @code
/// static_assert(xact::int4_pair::of(-8, 7).bits == 0x78);
/// @endcode
struct int4_pair {
  std::uint8_t bits; ///< the second number in the upper four bits, the first in the lower

  /// The first and the second number.
  [[nodiscard]] XACT_INLINE constexpr int first() const noexcept { return ((bits & 15) ^ 8) - 8; }
  [[nodiscard]] XACT_INLINE constexpr int second() const noexcept { return ((bits >> 4) ^ 8) - 8; }
  /// Packs two numbers; only their low four bits are kept.
  [[nodiscard]] XACT_INLINE static constexpr int4_pair of(int first, int second) noexcept {
    return {static_cast<std::uint8_t>((first & 15) | (second & 15) << 4)};
  }
};

} // namespace XACT_TYPES_NAMESPACE

inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Types whose elements are codes of a quantization: of integers of 8 bits, and all.
template <class T>
concept byte_code = std::same_as<T, std::int8_t> || std::same_as<T, std::uint8_t>;
template <class T>
concept code_type = byte_code<T> || std::same_as<T, int4_pair> || std::same_as<T, e4m3> || std::same_as<T, e5m2>;
/// How many codes are in one element.
template <class T> inline constexpr std::size_t codes_each = std::same_as<T, int4_pair> ? 2 : 1;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
