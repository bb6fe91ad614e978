#pragma once

/// @file
/// What calls take: elements.hpp, and batches of them.

#include <xact/detail/lanes/narrow.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

template <class V> inline constexpr bool is_batch = false;
template <computed_type T, class A> inline constexpr bool is_batch<xsimd::batch<T, A>> = true;

template <class V>
concept value_type = element_type<std::remove_cv_t<V>> || is_batch<std::remove_cv_t<V>>;

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
