#pragma once

/// @file
/// Rows of a matrix in one contiguous range, and columns of matrices.

#include <xact/detail/types/checks.hpp>
#include <xact/detail/types/columns.hpp>
#include <xact/detail/types/elements.hpp>
#include <xact/detail/types/quantization.hpp>
#include <xact/detail/types/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
template <class R>
concept holds_rows = readable<R> || (std::ranges::contiguous_range<R> && code_type<std::ranges::range_value_t<R>>);
} // namespace detail

/// The rows of a matrix that lies in `range` row after row. With a `stride`, rows start that many elements apart, and
/// what lies between `columns` and `stride` is neither read nor written; the last row may end the range with or without
/// its gap. Codes of a quantization have rows too; columns are then bytes.
/// @throws std::invalid_argument when `columns` is 0 and the range is not empty, when `stride` is below `columns`, or
///         when the range is not a whole number of rows.
///
/// @code
/// std::vector<float> in(8 * 100), out(8 * 128);
/// xact::softmax(xact::rows(in, 100), xact::rows(out, 100, 128)); // 8 rows of 100, the results 128 apart
/// @endcode
template <std::ranges::contiguous_range R>
  requires std::ranges::borrowed_range<R> && detail::holds_rows<R>
[[nodiscard]] constexpr auto rows(R &&range, std::size_t columns, std::size_t stride) {
  using E = std::remove_reference_t<std::ranges::range_reference_t<R>>;
  const auto size = detail::size_of(range);
  if (stride < columns) [[unlikely]] {
    detail::refuse("xact::rows: rows of %zu columns cannot start %zu elements apart", columns, stride);
  }
  if (columns == 0 && size != 0) [[unlikely]] {
    detail::refuse("xact::rows: rows of %zu columns cannot hold %zu elements", columns, size);
  }
  if (size == 0) {
    return row_view<E>{detail::data_of(range), 0, columns, stride};
  }
  const std::size_t rest = size % stride;
  if (rest != 0 && rest != columns) [[unlikely]] {
    detail::refuse("xact::rows: %zu elements are not a whole number of rows that start %zu elements apart", size,
                   stride);
  }
  return row_view<E>{detail::data_of(range), size / stride + (rest != 0), columns, stride};
}
template <std::ranges::contiguous_range R>
  requires std::ranges::borrowed_range<R> && detail::holds_rows<R>
[[nodiscard]] constexpr auto rows(R &&range, std::size_t columns) {
  return rows(range, columns, columns);
}

XACT_REFUSED_WITH(
    "xact: rows(range, columns) or rows(range, columns, stride): of a contiguous range of floats or codes that "
    "lives on: std::vector, std::array, std::span(p, n)",
    (class... Args), (!requires { ::xact::rows(std::declval<Args>()...); }), void rows(Args &&...))

/// Matrices of `height` rows of `width` elements, one after the other in a range, to go down their columns: an axis
/// that is not the last (ONNX's axis; images by channel, where width is the number of pixels and height that of
/// classes).
/// @throws std::invalid_argument when the range is not a whole number of such matrices.
///
/// @code
/// std::vector<float> scores(3 * 4 * 5), p(3 * 4 * 5); // 3 matrices of 4 rows of 5
/// xact::softmax(xact::columns(scores, 5, 4), xact::columns(p, 5, 4)); // each column of 4 adds up to 1
/// // log_softmax, softmin and sparsemax in the same way
/// @endcode
template <std::ranges::contiguous_range R>
  requires std::ranges::borrowed_range<R> && detail::readable<R>
[[nodiscard]] constexpr auto columns(R &&range, std::size_t width, std::size_t height) {
  using E = std::remove_reference_t<std::ranges::range_reference_t<R>>;
  const auto size = detail::size_of(range);
  const std::size_t each = width * height;
  if (each == 0 ? size != 0 : size % each != 0) [[unlikely]] {
    detail::refuse("xact::columns: %zu elements are not a whole number of matrices of %zu rows of %zu", size, height,
                   width);
  }
  return column_view<E>{detail::data_of(range), each == 0 ? 0 : size / each, width, height};
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
