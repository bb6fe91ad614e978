#pragma once

#include <xact/detail/plain.hpp>
#include <xact/detail/row_function.hpp>
#include <xact/detail/softmax_row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The logarithm of softmax: log_softmax(x)[i] = x[i] - log(e^x[0] + ... + e^x[n-1]).
///
/// `log_softmax(in, out, options)`, `log_softmax(inout, options)`, and the same with `rows(...)`.
///
/// *Accuracy*: float, results near 0 included: default 3 ULP an element (found: 2.13), `fast` 16 (found: 10.1), `exact`
/// 0.51 (found: 0.500), sampled; double: 4 ULP.
/// *Special*: a NaN makes the whole row NaN. Of k times +inf each gets -log(k), and all else -inf. -inf gives -inf; a
/// row of nothing else is NaN, or -inf with `empty_row::zero`. *Method*: (x - maximum) - log(sum relative to that of
/// the maximum), two terms of one sign; where one element dominates, the sum over the others is known to full relative
/// accuracy, and log1p takes it. *Source*: torch.log_softmax, ONNX LogSoftmax.
template <class Tier = tier::standard> struct log_softmax_t : row_function<log_softmax_t<Tier>, Tier> {
  template <class T, class In, class Out>
  void row(const detail::row_logits<T, In> &in, std::size_t columns, Out *out) const noexcept {
    write(in, detail::sum_with_sink<Tier>(in), columns, out);
  }

  /// The same for a piece of a row whose sum is known.
  template <class T, class In, class Out>
  static void write(const detail::row_logits<T, In> &in, const detail::row_sum<T, Tier> &sum, std::size_t columns,
                    Out *out) noexcept {
    using namespace detail;
    constexpr double infinity = detail::infinity_of<double>;
    if (sum.is_nan() || sum.is_empty()) {
      const bool zero = sum.is_empty() && in.options.on_empty_row == empty_row::zero;
      detail::fill_n(out, columns, static_cast<Out>(zero ? -infinity : detail::nan_of<double>));
      return;
    }
    if (sum.is_infinite()) {
      const double share = -log_of_sum(static_cast<double>(sum.count), 0);
      map_logits(in, out,
                 [&]<class W>(const W &x) noexcept { return W(blend(x == W(sum.maximum), W(share), W(-infinity))); });
    } else {
      const double log = sum.log_of_relative_sum();
      map_logits(in, out, [&]<class W>(const W &x) noexcept { return (x - W(sum.maximum)) - W(log); });
    }
    detail::fill_n(out + in.size, columns - in.size, static_cast<Out>(-infinity));
  }
};
inline constexpr log_softmax_t<> log_softmax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
