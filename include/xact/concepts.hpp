#pragma once

/// @file
/// What calls take: element types, values, ranges.

#include <xact/detail/call/kernel.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// A floating-point type that an activation computes on.
///
/// @code
/// static_assert(xact::floating<float> && xact::floating<double> && !xact::floating<int>);
/// @endcode
template <class T>
concept floating = detail::computed_type<T>;

/// A floating-point type that ranges may hold: float, double, and those of 16 and 8 bits (float16.hpp, float8.hpp),
/// the compiler's own 16-bit types included.
///
/// @code
/// static_assert(xact::element<float> && xact::element<xact::bfloat16> && !xact::element<int>);
/// @endcode
template <class T>
concept element = detail::element_type<T>;

/// What `f(x)` takes: one value, or one batch of them.
///
/// @code
/// static_assert(xact::value<float> && xact::value<xsimd::batch<float>> && !xact::value<std::vector<float>>);
/// @endcode
template <class V>
concept value = detail::value_type<V>;

/// What range calls read: contiguous and of known length, like std::vector, std::array, std::span and C arrays.
///
/// @code
/// static_assert(xact::readable_range<const std::vector<float>> && !xact::readable_range<std::vector<int>>);
/// @endcode
template <class R>
concept readable_range = detail::readable<R>;

/// What range calls write.
///
/// @code
/// static_assert(xact::writable_range<std::span<float>> && !xact::writable_range<std::span<const float>>);
/// @endcode
template <class R>
concept writable_range = detail::writable<R>;

/// Whether F computes values of T (float or double): an activation of any kind, or a callable on batches of T; `exact`
/// does not take double.
///
/// @code
/// static_assert(xact::kernel_for<xact::gelu_t, double> && !xact::kernel_for<xact::exact_t<xact::gelu_t>, double>);
/// @endcode
template <class F, class T>
concept kernel_for = detail::computes<F, T>;

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
