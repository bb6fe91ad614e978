#pragma once

/// @file
/// What calls take: the machinery of concepts.hpp.

#include <xact/detail/lanes/narrow.hpp>

#include <concepts>
#include <ranges>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class T>
concept computed_type = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
concept element_type = computed_type<T> || narrow_element<T>;

template <class V> inline constexpr bool is_batch = false;
template <computed_type T, class A> inline constexpr bool is_batch<xsimd::batch<T, A>> = true;

template <class V>
concept value_type = element_type<std::remove_cv_t<V>> || is_batch<std::remove_cv_t<V>>;

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
