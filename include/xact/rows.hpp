#pragma once

/// @file
/// Rows of a matrix in one contiguous range.

#include <xact/detail/types/checks.hpp>
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

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
