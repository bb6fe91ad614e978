#pragma once

/// @file
/// Columns of matrices, as a type that may stand between files of different flags.

#include <xact/detail/config.hpp>

#include <cstddef>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {

/// The result of `columns`: `count` matrices of `height` rows of `width` elements, without gaps. It owns nothing.
///
/// @code
/// std::vector<float> two(2 * 3 * 4);
/// const xact::column_view<float> down = xact::columns(two, 4, 3); // down.count is 2
/// @endcode
template <class E> struct column_view {
  E *data;
  std::size_t count;
  std::size_t width;
  std::size_t height;
};

} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
