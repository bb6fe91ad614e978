#pragma once

#include <xact/detail/call/rows.hpp>
#include <xact/detail/softmax/log.hpp>
#include <xact/detail/softmax/rows.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The logarithm of softmax: log_softmax(x)[i] = x[i] - log(e^x[0] + ... + e^x[n-1]).
///
/// `log_softmax(in, out, options)`, `log_softmax(inout, options)`, and the same with `rows(...)`.
///
/// *Accuracy*: float, results near 0 included: default 3 ULP an element (found: 2.35), `fast` 16 (found: 8.6), `exact`
/// 0.51 (found: 0.500), sampled; double: 4 ULP.
/// *Special*: a NaN makes the whole row NaN. Of k times +inf each gets -log(k), and all else -inf. -inf gives -inf; a
/// row of nothing else is NaN, or -inf with `empty_row::zero`. *Method*: (x - maximum) - log(sum relative to that of
/// the maximum), two terms of one sign, in float where terms are floats (softmax.hpp); where one element dominates, the
/// sum over the others is known to full relative accuracy, and log1p takes it. *Source*: torch.log_softmax, ONNX
/// LogSoftmax.
///
/// @code
/// std::vector<float> row{0.0f, 1.0f, 3.0f};
/// xact::log_softmax(row); // -3.1698..., -2.1698..., -0.1698...
/// @endcode
template <class Tier = detail::tier::standard> struct log_softmax_t : row_function<log_softmax_t<Tier>, Tier> {
  template <class T, class In, class Out>
  static void row(const detail::row_logits<T, In> &in, std::size_t columns, Out *out) noexcept {
    using namespace detail;
    using R = result_tier<Tier, T, Out>;
    if constexpr (has_float_terms<T, R>) {
      const auto sum = sum_for_log<R>(in);
      if (sum.kind == float_row<R>::kinds::floats) [[likely]] {
        map_row(in, out, log_of(in, sum));
        return detail::fill_n(out + in.size, columns - in.size, Out(-detail::infinity_of<float>));
      }
      if (sum.kind == float_row<R>::kinds::nan) {
        return detail::fill_n(out, columns, Out(detail::nan_of<float>));
      }
      if (sum.kind == float_row<R>::kinds::empty) {
        return write(in, row_sum<T, R>{}, columns, out);
      }
    }
    write(in, sum_with_sink<R>(in), columns, out);
  }

  /// All rows, if they are of the kind that goes through together.
  template <class In, class Out>
  static bool rows(const row_view<In> &in, const row_view<Out> &out, const softmax_options &options) noexcept {
    using E = std::remove_const_t<In>;
    using T = detail::compute_t<E, Out>;
    using R = detail::result_tier<Tier, T, Out>;
    return detail::rows_together<log_softmax_t, detail::log_of_plain_row<R>, T, R, E>(in, out, options);
  }

  /// The same for a piece of a row whose sum is known.
  template <class T, class In, class R, class Out>
  static void write(const detail::row_logits<T, In> &in, const detail::row_sum<T, R> &sum, std::size_t columns,
                    Out *out) noexcept {
    using namespace detail;
    constexpr double infinity = detail::infinity_of<double>;
    if (sum.is_nan() || sum.is_empty()) {
      const bool zero = sum.is_empty() && in.options.on_empty_row == empty_row::zero;
      return detail::fill_n(out, columns, static_cast<Out>(zero ? -infinity : detail::nan_of<double>));
    }
    if (sum.is_infinite()) {
      const double share = -log_of_sum(static_cast<double>(sum.count), 0);
      map_logits<R>(in, out, [&]<class W>(const W &x) noexcept {
        return W(select(x == W(sum.maximum), W(share), W(-infinity)));
      });
    } else {
      bool is_written = false;
      if constexpr (has_float_terms<T, R>) {
        is_written = scaled_exp<R, float_step>::suits(static_cast<double>(static_cast<float>(sum.maximum)));
        if (is_written) {
          map_row(in, out, log_of(sum));
        }
      }
      if (!is_written) {
        const double log = sum.log_of_relative_sum();
        map_logits<R>(in, out, [&]<class W>(const W &x) noexcept { return (x - W(sum.maximum)) - W(log); });
      }
    }
    detail::fill_n(out + in.size, columns - in.size, static_cast<Out>(-infinity));
  }
};
inline constexpr log_softmax_t<> log_softmax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
