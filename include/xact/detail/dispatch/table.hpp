#pragma once

/// @file
/// The dispatch library's table of the ISA that calls use, and how arguments are told to it.

#include <xact/detail/types/dispatch.hpp>
#include <xact/detail/types/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

namespace types = xact::erased::detail;

XACT_INLINE inline const types::table &dispatch_table() noexcept {
  const types::table *const t = __atomic_load_n(&types::chosen, __ATOMIC_ACQUIRE);
  return t != nullptr ? *t : types::choose();
}

template <element_type E> consteval types::element element_of() {
  using types::element;
  if constexpr (computed_type<E>) {
    return sizeof(E) == 4 ? element::float32 : element::float64;
  } else {
    using F = format_t<E>;
    return sizeof(typename F::storage) == 2 ? (F::exponent_bits == 5 ? element::float16 : element::bfloat16)
                                            : (F::exponent_bits == 4 ? element::e4m3 : element::e5m2);
  }
}
template <class E> consteval types::element inspected_element() {
  if constexpr (element_type<E>) {
    return element_of<E>();
  } else {
    return std::same_as<E, std::int8_t>    ? types::element::int8
           : std::same_as<E, std::uint8_t> ? types::element::uint8
                                           : types::element::int4;
  }
}

template <class E> XACT_INLINE inline types::source source_of(const E *from) noexcept {
  return {from, element_of<std::remove_cv_t<E>>()};
}
template <class E> XACT_INLINE inline types::target target_of(E *to) noexcept { return {to, element_of<E>()}; }

/// run(n, from ...) for rows of one shape, at once where there is no gap.
template <class F, class First, class... Rest>
XACT_INLINE inline void each_dispatched_row(const F &run, const row_view<First> &first, const row_view<Rest> &...rest) {
  const bool whole = first.stride == first.columns && ((rest.stride == rest.columns) && ...);
  const std::size_t rows = whole ? first.count != 0 : first.count;
  const std::size_t columns = whole ? first.count * first.columns : first.columns;
  for (std::size_t r = 0; r < rows; ++r) {
    run(columns, first[r], rest[r]...);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
