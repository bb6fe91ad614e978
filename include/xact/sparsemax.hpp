#pragma once

#include <xact/concepts.hpp>
#include <xact/detail/softmax/calls.hpp>
#include <xact/detail/softmax/sparsemax.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Sparsemax of a row: the point nearest to x of those whose elements are at least 0 and add up to 1, which is
/// max(x[i] - tau, 0) with the one tau that makes it so. Elements 1 or more below the largest give exactly 0.
///
/// `sparsemax(in, out)`, `sparsemax(inout)`, and the same with `rows(...)`; `columns(...)` in both places. Its
/// gradient: `backward_from_output`.
///
/// *Accuracy*: that of the real-number result moved by up to 2^-96 and rounded once, for every element type: 0.5 ULP
/// where it is not tiny. *Same*: a row's bits do not depend on where it lies, on the order of its elements, its
/// neighbours or the ISA. *Special*: a NaN makes the whole row NaN, and so does a row of nothing but -inf. Of k times
/// +inf each gets 1/k, and all else 0. -inf gives 0. *Method*: passes over the row, without sorting or memory:
/// detail/softmax/sparsemax.hpp. *Source*: Martins and Astudillo 2016, arXiv:1602.02068; keras.activations.sparsemax.
/// @throws std::invalid_argument when shapes differ or `out` overlaps `in` without being it; nothing has been written
///         then.
///
/// @code
/// std::vector<float> logits{0.0f, 1.0f, 1.5f}, probabilities(3);
/// xact::sparsemax(logits, probabilities);     // 0, 0.25, 0.75
/// xact::sparsemax(xact::rows(logits, 3));     // in place
/// @endcode
struct sparsemax_t : detail::row_function_base {
  static constexpr auto tier = detail::row_tier::standard;

  template <class In, class Out>
    requires detail::element_type<std::remove_const_t<In>> && detail::element_type<Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out) const {
    detail::require_rows_fit("sparsemax", "in", in, out);
    for (std::size_t r = 0; r < in.count; ++r) {
      if (in.columns != 0) {
        detail::sparsemax_row(static_cast<const In *>(in[r]), out[r], in.columns);
      }
    }
  }
  template <detail::element_type InOut> decltype(auto) operator()(const row_view<InOut> &inout) const {
    (*this)(inout, inout);
    return (detail::in_place);
  }

  /// Down the columns: `xact::columns`.
  template <class In, class Out>
    requires detail::element_type<std::remove_const_t<In>> && detail::element_type<Out>
  void operator()(const column_view<In> &in, const column_view<Out> &out) const {
    detail::require_columns_fit("sparsemax", in, out);
    for (std::size_t c = 0; in.height != 0 && c < in.count * in.width; ++c) {
      const std::size_t first = c / in.width * in.width * in.height + c % in.width;
      detail::sparsemax_row(detail::strided<const In>{in.data + first, in.width},
                            detail::strided<Out>{out.data + first, in.width}, in.height);
    }
  }

  template <readable_range In, class Out>
    requires writable_range<Out> && (!detail::is_temporary<Out &&>)
  void operator()(const In &in, Out &&out) const {
    (*this)(detail::one_row(in), detail::one_row(out));
  }
  template <class InOut>
    requires writable_range<InOut> && (!detail::is_temporary<InOut &&>)
  decltype(auto) operator()(InOut &&inout) const {
    (*this)(detail::one_row(inout));
    return (detail::in_place);
  }

  XACT_REFUSALS(sparsemax_t, ::xact::detail::takes_rows)
};
inline constexpr sparsemax_t sparsemax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
