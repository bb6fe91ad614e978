#pragma once

/// @file
/// The kinds of numbers in a range, and how far one is from another.

#include <xact/detail/dispatch/table.hpp>
#include <xact/detail/types/views.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// Two types that `compare` has in the library: one, or float and another.
template <class A, class B>
concept comparable_here = element_type<A> && element_type<B> && (std::same_as<A, B> || std::same_as<A, float>);

} // namespace detail

namespace dispatch {

/// The census of a range, or of rows, as xact::inspect.
///
/// @code
/// const xact::census c = xact::dispatch::inspect(std::vector{1.0f, 0.0f}); // c.zero is 1
/// @endcode
template <class R>
  requires detail::real_view<R> || detail::code_view<R>
[[nodiscard]] inline census inspect(const R &range, std::size_t first = 0) noexcept {
  using E = std::remove_cv_t<detail::view_element_t<R>>;
  const auto all = detail::view_of(range);
  census seen;
  for (std::size_t r = 0; r < all.count; ++r) {
    detail::dispatch_table().inspect(seen, {all[r], detail::inspected_element<E>()}, all.columns,
                                     first + r * all.columns);
  }
  return seen;
}

/// How far a candidate is from a reference of its own type, or of float, as xact::compare.
///
/// @code
/// const std::vector<float> before{0.1f, 0.7f, 0.2f}, after{0.3f, 0.6f, 0.1f};
/// const double off = xact::dispatch::compare(before, after).mean_error();
/// const double agreement = xact::dispatch::compare(xact::rows(before, 3), xact::rows(after, 3)).top_1_agreement();
/// @endcode
template <class A, class B>
  requires detail::readable<A> && detail::readable<B> &&
           detail::comparable_here<detail::element_t<A>, detail::element_t<B>>
[[nodiscard]] inline drift compare(const A &reference, const B &candidate, std::size_t first = 0) {
  const auto a = detail::as_rows(reference);
  const auto b = detail::as_rows(candidate);
  detail::require_same_shape("compare", detail::named("reference", a), detail::named("candidate", b));
  drift d;
  detail::dispatch_table().compare(d, detail::source_of(a.data), detail::source_of(b.data), a.columns, first, 0);
  return d;
}
template <class A, class B>
  requires detail::comparable_here<std::remove_cv_t<A>, std::remove_cv_t<B>>
[[nodiscard]] inline drift compare(const row_view<A> &reference, const row_view<B> &candidate, std::size_t k = 1,
                                   std::size_t first = 0) {
  detail::require_same_shape("compare", detail::named("reference", reference), detail::named("candidate", candidate));
  if (k == 0 || (k > reference.columns && reference.count != 0)) [[unlikely]] {
    detail::refuse("xact::compare: k is %zu, of %zu columns", k, reference.columns);
  }
  drift d;
  for (std::size_t r = 0; r < reference.count; ++r) {
    detail::dispatch_table().compare(d, detail::source_of(static_cast<const std::remove_cv_t<A> *>(reference[r])),
                                     detail::source_of(static_cast<const std::remove_cv_t<B> *>(candidate[r])),
                                     reference.columns, first + r * reference.columns, k);
  }
  return d;
}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
