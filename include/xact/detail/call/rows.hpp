#pragma once

/// @file
/// The call forms of softmax and log_softmax, and their tiers.

#include <xact/detail/softmax/logits.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// Element types that a row function takes in a tier: there is no exact tier of double.
template <class Tier, class In, class Out>
concept row_elements = element<In> && element<Out> &&
                       !(std::same_as<Tier, detail::tier::exact> && std::same_as<compute_t<In, Out>, double>);

/// The tier that results of type Out, computed in T, are made in.
template <class Tier, class T, class Out>
using result_tier = std::conditional_t<narrow_element<Out> && std::same_as<T, float>, narrow_results, Tier>;

template <class Tier, class In, class Out>
concept row_ranges = readable_range<In> && writable_range<Out> && row_elements<Tier, element_t<In>, element_t<Out>>;

/// A range as one row, or none when it is empty.
template <class R> auto one_row(R &range) {
  using E = std::remove_reference_t<std::ranges::range_reference_t<R>>;
  const auto n = static_cast<std::size_t>(std::ranges::size(range));
  return row_view<E>{std::ranges::data(range), std::size_t(n != 0), n, n};
}

template <class In, class Out> void require_same_shape(const row_view<In> &in, const row_view<Out> &out) {
  if (in.columns != out.columns) [[unlikely]] {
    refuse("xact: the input has rows of %zu elements and the output of %zu", in.columns, out.columns);
  }
  if (in.count != out.count) [[unlikely]] {
    refuse("xact: the input has %zu rows and the output has %zu", in.count, out.count);
  }
  require_same_or_disjoint(in.data, in.extent() * sizeof(In), out.data, out.extent() * sizeof(Out));
}

inline void require_mask_fits(const softmax_mask &mask, std::size_t count, std::size_t columns) {
  if (!mask.empty() && mask.size() != columns && mask.size() != count * columns) [[unlikely]] {
    refuse("xact: a mask of %zu elements is neither one row nor all %zu elements", mask.size(), count * columns);
  }
}

/// The logits of row i.
template <class T, class E>
row_logits<T, std::remove_const_t<E>> row_at(const row_view<E> &in, std::size_t i, const softmax_options &options) {
  const bool one_mask = options.mask.size() == in.columns;
  return {in[i], visible(options, i, in.columns), options, one_mask ? 0 : i * in.columns};
}

} // namespace detail

/// Gives `Derived` its call forms. It says how one row becomes another:
/// `void row(const row_logits<T, In> &in, std::size_t columns, Out *out) const`, where `in` holds the visible columns.
///
/// - `f(in, out, options)`, `f(inout, options)`: contiguous ranges, one row.
/// - the same with `xact::rows(range, columns)` in place of each range: many rows.
/// @throws std::invalid_argument when the shapes differ or the ranges overlap without being the same; nothing has been
///         written then. Without exceptions: the message on stderr, and abort.
///
/// @code
/// std::vector<float> matrix(8 * 100);
/// const xact::row_function<xact::softmax_t<>, xact::detail::tier::standard> &f = xact::softmax;
/// f(xact::rows(matrix, 100));
/// @endcode
template <class Derived, class Tier> struct row_function {
  template <class In, class Out>
    requires detail::row_ranges<Tier, In, Out>
  void operator()(const In &in, Out &&out, const softmax_options &options = {}) const {
    (*this)(detail::one_row(in), detail::one_row(out), options);
  }

  template <class InOut>
    requires detail::row_ranges<Tier, InOut, InOut>
  void operator()(InOut &&inout, const softmax_options &options = {}) const {
    (*this)(detail::one_row(inout), detail::one_row(inout), options);
  }

  template <class In, class Out>
    requires detail::row_elements<Tier, std::remove_const_t<In>, Out>
  void operator()(const row_view<In> &in, const row_view<Out> &out, const softmax_options &options = {}) const {
    detail::require_same_shape(in, out);
    detail::require_mask_fits(options.mask, in.count, in.columns);
    detail::require_disjoint(options.mask.first(), options.mask.bytes(), out.data, out.extent() * sizeof(Out));
    if constexpr (requires { Derived::rows(in, out, options); }) {
      if (Derived::rows(in, out, options)) {
        return;
      }
    }
    using T = detail::compute_t<std::remove_const_t<In>, Out>;
    for (std::size_t i = 0; i < in.count; ++i) {
      static_cast<const Derived &>(*this).row(detail::row_at<T>(in, i, options), in.columns, out[i]);
    }
  }

  template <class InOut>
    requires detail::row_elements<Tier, InOut, InOut>
  void operator()(const row_view<InOut> &inout, const softmax_options &options = {}) const {
    (*this)(inout, inout, options);
  }
};

/// softmax or log_softmax within 16 ULP.
///
/// @code
/// std::vector<float> row(100, 1.0f);
/// xact::accurate(xact::softmax)(row);
/// @endcode
template <template <class> class F, class Tier>
  requires std::is_base_of_v<row_function<F<Tier>, Tier>, F<Tier>>
constexpr F<detail::tier::accurate> accurate(const F<Tier> &) noexcept {
  return {};
}

/// softmax or log_softmax within 0.51 ULP (float), the same bits on every machine.
///
/// @code
/// std::vector<float> row(100, 1.0f);
/// xact::exact(xact::log_softmax)(row);
/// @endcode
template <template <class> class F, class Tier>
  requires std::is_base_of_v<row_function<F<Tier>, Tier>, F<Tier>>
constexpr F<detail::tier::exact> exact(const F<Tier> &) noexcept {
  return {};
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
