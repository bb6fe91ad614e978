#pragma once

#include <xact/detail/call/rows.hpp>
#include <xact/detail/softmax/row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// logsumexp(x) = log(e^x[0] + ... + e^x[n-1]), one value a row.
///
/// `y = logsumexp(in, options)` for a contiguous range, in its element type; `logsumexp(rows(in, columns), out,
/// options)` writes one value a row.
///
/// *Accuracy*: float: 0.51 ULP, double: 4 ULP, except near the result 0, where the error is 2^-51 of the largest logit.
/// *Special*: NaN when there is a NaN, else +inf when there is a +inf. -inf of no elements, or of nothing but -inf.
/// *Method*: maximum + log(sum relative to that of the maximum), in double. *Source*: torch.logsumexp, ONNX
/// ReduceLogSumExp.
///
/// @code
/// std::vector<float> matrix{0.0f, 1.0f, 3.0f, 1.0f, 1.0f, 1.0f}, sums(2);
/// xact::logsumexp(xact::rows(matrix, 3), sums);                // 3.1698..., 2.0986...
/// const float all = xact::logsumexp(std::vector<float>{1.0f}); // 1
/// @endcode
struct logsumexp_t {
  template <readable_range In>
  detail::element_t<In> operator()(const In &in, const softmax_options &options = {}) const {
    using E = detail::element_t<In>;
    const auto n = static_cast<std::size_t>(std::ranges::size(in));
    detail::require_mask_fits(options.mask, 1, n);
    const detail::row_logits<detail::compute_t<E>, E> logits{std::ranges::data(in), detail::visible(options, 0, n),
                                                             options};
    return static_cast<E>(detail::sum_with_sink<detail::tier::exact>(logits).log());
  }

  /// @throws std::invalid_argument when `out` does not have one element a row, or overlaps the input.
  template <class In, writable_range Out>
  void operator()(const row_view<In> &in, Out &&out, const softmax_options &options = {}) const {
    const auto n = static_cast<std::size_t>(std::ranges::size(out));
    auto *to = std::ranges::data(out);
    if (n != in.count) [[unlikely]] {
      detail::refuse("xact: the input has %zu rows and the output has %zu elements", in.count, n);
    }
    detail::require_disjoint(in.data, in.extent() * sizeof(In), to, n * sizeof *to);
    detail::require_mask_fits(options.mask, in.count, in.columns);
    using T = detail::compute_t<std::remove_const_t<In>, detail::element_t<Out>>;
    for (std::size_t i = 0; i < n; ++i) {
      to[i] = static_cast<detail::element_t<Out>>(
          detail::sum_with_sink<detail::tier::exact>(detail::row_at<T>(in, i, options)).log());
    }
  }
};
inline constexpr logsumexp_t logsumexp{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
