#pragma once

#include <xact/concepts.hpp>
#include <xact/detail/softmax/calls.hpp>
#include <xact/rows.hpp>

#include <span>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
template <class F, class... Args> inline constexpr bool takes_sums = false;
template <class F, class In> inline constexpr bool takes_sums<F, In> = false;
template <class F, readable_range In>
inline constexpr bool takes_sums<F, In> = row_elements<F::tier, element_t<In>, element_t<In>>;
template <class F, class In, class Out> inline constexpr bool takes_sums<F, In, Out> = false;
template <class F, class In, writable_range Out>
  requires(is_rows<std::remove_cvref_t<In>> && output_argument<Out>)
inline constexpr bool takes_sums<F, In, Out> = row_elements<F::tier, argument_element_t<In>, element_t<Out>>;
template <class F, class In, class Options>
  requires is_options<Options>
inline constexpr bool takes_sums<F, In, Options> = takes_sums<F, In>;
template <class F, class In, class Out, class Options>
inline constexpr bool takes_sums<F, In, Out, Options> = is_options<Options> && takes_sums<F, In, Out>;
} // namespace detail

/// logsumexp(x) = log(e^x[0] + ... + e^x[n-1]), one value a row.
///
/// `y = logsumexp(in, options)` for a contiguous range, in its element type; `logsumexp(rows(in, columns), out,
/// options)` writes one value a row.
///
/// *Accuracy*: float 4 ULP of the larger of the result and the largest logit (found: 1.8), `accurate` 1 and `exact`
/// 0.51 (found: 0.5000), double 4 and 1.5. *Special*: NaN when there is a NaN, else +inf when there is a +inf. -inf of
/// no elements, or of nothing but -inf. *Method*: as log_softmax. *Source*: torch.logsumexp, ONNX ReduceLogSumExp.
///
/// @code
/// std::vector<float> matrix{0.0f, 1.0f, 3.0f, 1.0f, 1.0f, 1.0f}, sums(2);
/// xact::logsumexp(xact::rows(matrix, 3), sums);                // 3.1698..., 2.0986...
/// const float all = xact::logsumexp(std::vector<float>{1.0f}); // 1
/// @endcode
template <detail::row_tier Tier = detail::row_tier::standard>
struct [[nodiscard]] logsumexp_t : detail::row_function_base {
  static constexpr auto tier = Tier;
  static constexpr const char *name = "logsumexp";

  template <readable_range In>
    requires detail::row_elements<Tier, detail::element_t<In>, detail::element_t<In>>
  [[nodiscard]] detail::element_t<In> operator()(const In &in, const softmax_options &options = {}) const {
    using E = detail::element_t<In>;
    const auto n = detail::size_of(in);
    E y{};
    (*this)(row_view<const E>{detail::data_of(in), 1, n, n}, std::span<E, 1>(&y, 1), options);
    return y;
  }

  /// @throws std::invalid_argument when `out` does not have one element a row, or overlaps what is read.
  template <class In, writable_range Out>
    requires detail::row_elements<Tier, std::remove_const_t<In>, detail::element_t<Out>> &&
             (!detail::is_temporary<Out &&>)
  void operator()(const row_view<In> &in, Out &&out, const softmax_options &options = {}) const {
    using E = detail::element_t<Out>;
    const auto n = detail::size_of(out);
    const row_view<E> to{detail::data_of(out), n, 1, 1};
    const detail::argument written = detail::named("out", to);
    detail::require_one_each(name, in, written);
    detail::require_options(name, options, in.count, in.columns, written);
    detail::each_row<detail::row_operation::logsumexp, Tier>(
        row_view<const In>{in.data, in.count, in.columns, in.stride}, to, options);
  }

  XACT_CALLED_AS_BEFORE(
      softmax_options, logsumexp_t, ::xact::detail::takes_sums, (.outputs = n - 1, .beside = 2),
      "xact: logsumexp(range, options) returns one value, logsumexp(rows(...), out, options) writes one a row")
};
inline constexpr logsumexp_t<> logsumexp{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
