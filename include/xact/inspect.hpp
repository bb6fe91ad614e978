#pragma once

/// @file
/// What kinds of numbers a range holds.

#include <xact/detail/call/inspect.hpp>
#include <xact/detail/call/mistakes.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The census of a range, or of `rows` without what lies between them: how many elements are NaN, infinite, zero,
/// subnormal or saturated, the extremes, and where the first NaN is.
///
/// @param range of any element type, or of codes that tables write (`std::int8_t`, `std::uint8_t`, `xact::int4_pair`,
///              each pair two elements)
/// @param first the index of the first element, for `first_nan`; those of rows go on from row to row
///
/// *Special*: of nothing all counts are 0, and the minimum is above the maximum. *Method*: from the bits, several
/// registers a step; only where one of them holds something special is it counted. Parts of a range `merge` to the
/// census of the whole.
///
/// @code
/// const std::vector<float> layer{1.0f, 0.0f, std::numeric_limits<float>::quiet_NaN()};
/// const xact::census c = xact::inspect(layer); // c.nan is 1, c.first_nan 2, c.zero 1, c.maximum 1
/// @endcode
template <class R>
  requires detail::real_view<R> || detail::code_view<R>
[[nodiscard]] inline census inspect(const R &range, std::size_t first = 0) noexcept {
  using E = std::remove_cv_t<detail::view_element_t<R>>;
  detail::inspector<E> look;
  const auto all = detail::view_of(range);
  for (std::size_t r = 0; r < all.count; ++r) {
    look(static_cast<const E *>(all[r]), all.columns, first + r * all.columns);
  }
  return look.result();
}

XACT_REFUSES(inspect, (.most = 1, .outputs = 0, .integers = 1),
             "xact: inspect(range or rows, first): of floating-point elements, std::int8_t, std::uint8_t or int4_pair")

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
