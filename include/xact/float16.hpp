#pragma once

#include <xact/detail/types/freestanding.hpp>
#include <xact/detail/types/narrow_float.hpp>

#include <concepts>
#include <ranges>
#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// IEEE binary16: 1 sign, 5 exponent and 10 mantissa bits; largest 65504, smallest 2^-24.
///
/// A storage type: two bytes, trivially copyable. It converts from every floating-point type, the compiler's own
/// `_Float16` too, correctly rounded, subnormals included, in constant expressions too, and converts exactly to float.
/// What is beyond 65519.99 becomes infinity; NaN stays NaN. Ranges of it go wherever ranges of float go.
///
/// @code
/// std::vector<xact::float16> layer(1024, 0.5f);
/// xact::gelu(layer);
/// @endcode
using float16 = narrow_float<format<std::uint16_t, 5, 10, true>>;

/// The upper half of a float: 1 sign, 8 exponent and 7 mantissa bits; float's range, subnormals included. As float16
/// otherwise.
///
/// @code
/// static_assert(float(xact::bfloat16(1.01f)) == 1.0078125f);
/// @endcode
using bfloat16 = narrow_float<format<std::uint16_t, 8, 7, true>>;

namespace detail {
template <class R>
concept raw_range = std::ranges::contiguous_range<R> && std::ranges::borrowed_range<R> && std::ranges::sized_range<R> &&
                    std::same_as<std::ranges::range_value_t<R>, std::uint16_t>;

template <class Small, class R> auto view_as(R &raw) noexcept {
  using E = std::conditional_t<std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>, const Small,
                               Small>;
  return std::span<E>(reinterpret_cast<E *>(detail::data_of(raw)), detail::size_of(raw));
}
} // namespace detail

/// The same memory seen as float16: for engines that keep 16-bit numbers as `std::uint16_t`. No copy.
///
/// @code
/// std::vector<std::uint16_t> raw(1024);
/// xact::relu(xact::as_float16(raw));
/// @endcode
template <detail::raw_range R> [[nodiscard]] auto as_float16(R &&raw) noexcept { return detail::view_as<float16>(raw); }

/// The same memory seen as bfloat16. No copy.
///
/// @code
/// std::vector<std::uint16_t> raw(1024);
/// xact::silu(xact::as_bfloat16(raw));
/// @endcode
template <detail::raw_range R> [[nodiscard]] auto as_bfloat16(R &&raw) noexcept {
  return detail::view_as<bfloat16>(raw);
}

XACT_REFUSED_WITH("xact: as_float16(range): of a contiguous range of std::uint16_t that lives on", (class R),
                  (!detail::raw_range<R>), void as_float16(R &&))
XACT_REFUSED_WITH("xact: as_bfloat16(range): of a contiguous range of std::uint16_t that lives on", (class R),
                  (!detail::raw_range<R>), void as_bfloat16(R &&))

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
