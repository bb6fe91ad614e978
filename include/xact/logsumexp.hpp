#pragma once

#include <xact/detail/row_function.hpp>
#include <xact/detail/softmax_row.hpp>

#include <functional>

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
struct logsumexp_t {
  template <readable_range In>
  requires floating<detail::element_t<In>> detail::element_t<In>
  operator()(const In &in, const softmax_options &options = {}) const noexcept {
    return row(static_cast<std::size_t>(std::ranges::size(in)), std::ranges::data(in), options);
  }

  /// @throws std::invalid_argument when `out` does not have one element a row, or overlaps the input.
  template <class In, writable_range Out>
  requires floating<std::remove_const_t<In>> && floating<detail::element_t<Out>>
  void operator()(const row_view<In> &in, Out &&out, const softmax_options &options = {}) const {
    const auto n = static_cast<std::size_t>(std::ranges::size(out));
    auto *to = std::ranges::data(out);
    if (n != in.count) [[unlikely]] {
      detail::refuse("xact: the input has %zu rows and the output has %zu elements", in.count, n);
    }
    const auto *first = reinterpret_cast<const char *>(in.data);
    const auto *result = reinterpret_cast<const char *>(to);
    if (std::less<>()(first, result + n * sizeof *to) && std::less<>()(result, first + in.extent() * sizeof(In)))
        [[unlikely]] {
      detail::refuse("xact: %zu elements of input overlap %zu of output", in.extent(), n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      to[i] = static_cast<detail::element_t<Out>>(row(in.columns, in[i], options));
    }
  }

private:
  template <class E> static E row(std::size_t n, const E *in, const softmax_options &options) noexcept {
    const detail::row_sum sum = detail::sum_of_row<E>(n, in, detail::to_logit(options));
    return static_cast<E>(
        sum.is_nan() || sum.is_empty() || sum.is_infinite() ? sum.maximum : sum.maximum + sum.log_of_relative_sum());
  }
};
inline constexpr logsumexp_t logsumexp{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
