#pragma once

/// @file
/// What calls take: element types, values, ranges.

#include <xact/detail/lanes/narrow.hpp>
#include <xact/detail/numbers/tier.hpp>

#include <concepts>
#include <ranges>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// A floating-point type that an activation computes on.
///
/// @code
/// static_assert(xact::floating<float> && xact::floating<double> && !xact::floating<int>);
/// @endcode
template <class T>
concept floating = std::same_as<T, float> || std::same_as<T, double>;

/// A floating-point type that ranges may hold: float, double, and those of 16 and 8 bits (float16.hpp, float8.hpp),
/// the compiler's own 16-bit types included.
///
/// @code
/// static_assert(xact::element<float> && xact::element<xact::bfloat16> && !xact::element<int>);
/// @endcode
template <class T>
concept element = floating<T> || detail::narrow_element<T>;

namespace detail {

template <class V> inline constexpr bool is_batch = false;
template <floating T, class A> inline constexpr bool is_batch<xsimd::batch<T, A>> = true;

template <class R> using element_t = std::remove_cvref_t<std::ranges::range_reference_t<R>>;

} // namespace detail

/// What `f(x)` takes: one value, or one batch of them.
///
/// @code
/// static_assert(xact::value<float> && xact::value<xsimd::batch<float>> && !xact::value<std::vector<float>>);
/// @endcode
template <class V>
concept value = element<std::remove_cv_t<V>> || detail::is_batch<std::remove_cv_t<V>>;

/// What range calls read: contiguous and of known length, like std::vector, std::array, std::span and C arrays.
///
/// @code
/// static_assert(xact::readable_range<const std::vector<float>> && !xact::readable_range<std::vector<int>>);
/// @endcode
template <class R>
concept readable_range =
    std::ranges::contiguous_range<R> && std::ranges::sized_range<R> && element<detail::element_t<R>>;

/// What range calls write.
///
/// @code
/// static_assert(xact::writable_range<std::span<float>> && !xact::writable_range<std::span<const float>>);
/// @endcode
template <class R>
concept writable_range =
    readable_range<R> && !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>;

/// Whether F's kernel takes lanes of T; `exact` does not take double.
///
/// @code
/// static_assert(xact::kernel_for<xact::gelu_t, double> && !xact::kernel_for<xact::exact_t<xact::gelu_t>, double>);
/// @endcode
template <class F, class T>
concept kernel_for = requires(const F &f, const detail::native<T> &x) {
  { f.kernel(tier::standard{}, x) } -> std::same_as<detail::native<T>>;
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
