#pragma once

/// @file
/// How far a candidate is from a reference: element by element, and row by row.

#include <xact/concepts.hpp>
#include <xact/detail/call/compare.hpp>
#include <xact/detail/call/mistakes.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
template <class A, class B> inline void require_comparable(const row_view<A> &reference, const row_view<B> &candidate) {
  require_same_shape("compare", named("reference", reference), named("candidate", candidate));
}
} // namespace detail

/// How far a candidate is from a reference, in one pass over both: the largest and the mean error and where it lies,
/// mismatches of NaN and of infinities, a histogram of errors in units in the last place of the candidate's type,
/// cosine and relative distance.
///
/// @param reference, candidate ranges of one length, of any two element types
/// @param first the index of the first element, for `at`
///
/// *Accuracy*: of each error one rounding to double (none where neither is double); sums within 1e-12, for doubles
/// whose squares are normal doubles. *Special*: a NaN, or an infinity, in both is no mismatch, and in no mean.
/// @throws std::invalid_argument when the lengths differ.
///
/// @code
/// std::vector<float> exact(1000, 0.1f);
/// std::vector<xact::bfloat16> rounded(exact.begin(), exact.end());
/// const xact::drift d = xact::compare(exact, rounded); // d.max_error is 9.8e-5, d.ulps[1] 1000: at most half a unit
/// @endcode
template <readable_range A, readable_range B>
[[nodiscard]] inline drift compare(const A &reference, const B &candidate, std::size_t first = 0) {
  const auto a = detail::as_rows(reference);
  const auto b = detail::as_rows(candidate);
  detail::require_comparable(a, b);
  drift d;
  detail::comparer<detail::element_t<A>, detail::element_t<B>> add(d);
  add(a.data, b.data, a.columns, first);
  return d;
}

/// The same of rows, and how well the candidate ranks: the share of rows whose largest element is in the same place
/// (`top_1_agreement`), the share of the reference's k largest that are among the candidate's (`recall`), of equal
/// elements the first; and of rows of probabilities the mean Kullback-Leibler divergence, sum of p log(p / q) with the
/// reference's p. A NaN has no rank; a row with a NaN, a negative number or an infinity has no divergence, and
/// `divergent_rows` counts the others.
///
/// @param k     from 1 to the number of columns
/// @param first the index of the first row's first element; those of rows go on from row to row, without the gaps
/// @throws std::invalid_argument when the shapes differ, or there is no k-th column.
///
/// @code
/// const std::vector<float> before{0.1f, 0.7f, 0.2f, 0.5f, 0.25f, 0.25f}, after{0.3f, 0.6f, 0.1f, 0.2f, 0.3f, 0.5f};
/// const xact::drift d = xact::compare(xact::rows(before, 3), xact::rows(after, 3), 2);
/// const double agreement = d.top_1_agreement(), at_2 = d.recall(); // 0.5: one row of two; 0.5: one of two in each row
/// @endcode
template <class A, class B>
  requires detail::all_readable<row_view<A>, row_view<B>>
[[nodiscard]] inline drift compare(const row_view<A> &reference, const row_view<B> &candidate, std::size_t k = 1,
                                   std::size_t first = 0) {
  detail::require_comparable(reference, candidate);
  if (k == 0 || (k > reference.columns && reference.count != 0)) [[unlikely]] {
    detail::refuse("xact::compare: k is %zu, of %zu columns", k, reference.columns);
  }
  drift d;
  detail::comparer<std::remove_cv_t<A>, std::remove_cv_t<B>> add(d);
  for (std::size_t r = 0; r < reference.count; ++r) {
    const std::remove_cv_t<A> *const a = reference[r];
    const std::remove_cv_t<B> *const b = candidate[r];
    add(a, b, reference.columns, first + r * reference.columns);
    detail::compare_row(d, a, b, reference.columns, k);
  }
  return d;
}

XACT_REFUSES(compare, (.least = 2, .outputs = 0),
             "xact: compare(reference, candidate) of two ranges, or compare(rows, rows, k), of floating-point elements")

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
