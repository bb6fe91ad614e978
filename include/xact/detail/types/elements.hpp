#pragma once

/// @file
/// Element types, and ranges of them.

#include <xact/detail/types/freestanding.hpp>
#include <xact/detail/types/narrow_float.hpp>

#include <concepts>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The format of an element type, `void` for float, double and everything else.
template <class E> struct format_of {
  using type = void;
};
template <class Format> struct format_of<narrow_float<Format>> {
  using type = Format;
};
template <class E>
  requires std::is_same_v<E, native_float16> && (!std::is_class_v<E>)
struct format_of<E> {
  using type = format<std::uint16_t, 5, 10, true>;
};
template <class E>
  requires std::is_same_v<E, native_bfloat16> && (!std::is_class_v<E>)
struct format_of<E> {
  using type = format<std::uint16_t, 8, 7, true>;
};
template <class E> using format_t = typename format_of<std::remove_cv_t<E>>::type;
template <class E>
concept narrow_element = !std::is_void_v<format_t<E>>;

template <class T>
concept computed_type = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
concept element_type = computed_type<T> || narrow_element<T>;

template <class R> using element_t = std::remove_cvref_t<std::ranges::range_reference_t<R>>;

template <class R>
concept readable = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> && element_type<element_t<R>>;
template <class R>
concept writable = readable<R> && !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>;

// The type that a value of one element type, or of several, is computed in.
template <class... T> struct compute { // not an alias: g++ 12 cannot expand two packs into one
  using type = std::conditional_t<(std::same_as<T, double> || ...), double, float>;
};
template <class... T> using compute_t = typename compute<T...>::type;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
