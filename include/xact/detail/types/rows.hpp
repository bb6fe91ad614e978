#pragma once

/// @file
/// Rows of a matrix, as a type that may stand between files of different flags.

#include <xact/detail/config.hpp>

#include <cstddef>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// The result of `rows`: `count` rows of `columns` elements that start `stride` elements apart. It owns nothing.
///
/// @code
/// std::vector<float> matrix(6);
/// const xact::row_view<float> two_rows = xact::rows(matrix, 3);
/// two_rows[1][0] = 1.0f; // matrix[3]
/// @endcode
template <class E> struct row_view {
  E *data;
  std::size_t count;
  std::size_t columns;
  std::size_t stride;

  XACT_INLINE constexpr E *operator[](std::size_t row) const noexcept { return data + row * stride; }
  /// Elements from the first of the first row to the last of the last.
  XACT_INLINE constexpr std::size_t extent() const noexcept { return count == 0 ? 0 : (count - 1) * stride + columns; }
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
