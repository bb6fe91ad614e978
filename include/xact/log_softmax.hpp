#pragma once

#include <xact/detail/row_function.hpp>
#include <xact/detail/softmax_row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The logarithm of softmax: log_softmax(x)[i] = x[i] - log(e^x[0] + ... + e^x[n-1]).
///
/// `log_softmax(in, out, options)`, `log_softmax(inout, options)`, and the same with `rows(...)`.
///
/// *Accuracy*: float, every tier: 0.51 ULP an element, results near 0 included; double: 4 ULP.
/// *Special*: a NaN makes the whole row NaN. Of k times +inf each gets -log(k), and all else -inf. -inf gives -inf; a
/// row of nothing else is NaN, or -inf with `empty_row::zero`. *Method*: (x - maximum) - log(sum relative to that of
/// the maximum), two terms of one sign; where one element dominates, the sum over the others is known to full relative
/// accuracy, and log1p takes it. *Source*: torch.log_softmax, ONNX LogSoftmax.
template <class Tier = tier::standard> struct log_softmax_t : row_function<log_softmax_t<Tier>, Tier> {
  template <class T, class In, class Out>
  void row(std::size_t n, const In *in, Out *out, const softmax_options &options) const noexcept {
    using namespace detail;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const to_logit logit(options);
    const row_sum sum = sum_of_row<T>(n, in, logit);
    if (sum.is_nan() || sum.is_empty()) {
      const bool zero = sum.is_empty() && options.on_empty_row == empty_row::zero;
      std::fill_n(out, n, zero ? Out(-infinity) : std::numeric_limits<Out>::quiet_NaN());
    } else if (sum.is_infinite()) {
      const double share = -log_of_sum(static_cast<double>(sum.count), 0);
      map_logits<T>(n, in, out, logit,
                    [&]<class W>(const W &x) noexcept { return blend(x == W(sum.maximum), W(share), W(-infinity)); });
    } else {
      const double log = sum.log_of_relative_sum();
      map_logits<T>(n, in, out, logit, [&]<class W>(const W &x) noexcept { return (x - W(sum.maximum)) - W(log); });
    }
  }
};
inline constexpr log_softmax_t<> log_softmax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
