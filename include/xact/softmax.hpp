#pragma once

#include <xact/detail/call/rows.hpp>
#include <xact/detail/softmax/float_row.hpp>
#include <xact/detail/softmax/rows.hpp>
#include <xact/detail/types/freestanding.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Softmax of a row: softmax(x)[i] = e^x[i] / (e^x[0] + ... + e^x[n-1]).
///
/// `softmax(in, out, options)`, `softmax(inout, options)`, and the same with `rows(...)`; options: `softmax_options`.
///
/// *Accuracy*: float: default 3 ULP an element (found: 2.84, 5 columns about 512), `fast` 16 (found: 10.9, N(0,
/// 20)), `exact` 0.51 (found: 0.500), sampled over rows of 1 to 2^27 columns; double: 4; results of 16 bits: 0.51 of
/// their own type, in every tier, with the same bits on every ISA. *Same*: a row's bits do not depend on where it lies
/// nor on the order of its elements; `exact`: on every ISA. *Special*: a NaN makes the whole row NaN. Of k times +inf
/// each gets 1/k, and all else 0 (the limit). -inf gives exactly 0; a row of nothing else follows `on_empty_row`.
/// *Method*: e^x times a power of two, so that no maximum is subtracted and nothing can overflow: float terms in the
/// default and fast tiers with FMA, else doubles. Their exact sum, cut along fixed lines, is rounded to few bits, which
/// a cheaper sum with a proven error mostly knows. *Source*: torch.softmax, ONNX Softmax.
///
/// @code
/// std::vector<float> logits{0.0f, 1.0f, 3.0f}, probabilities(3);
/// xact::softmax(logits, probabilities); // 0.0420..., 0.1141..., 0.8437...
/// xact::softmax(logits, probabilities, {.scale = 0.5, .causal = 1}); // of the first two; 0 for the third
/// @endcode
template <class Tier = detail::tier::standard> struct softmax_t : row_function<softmax_t<Tier>, Tier> {
  template <class T, class In, class Out>
  static void row(const detail::row_logits<T, In> &in, std::size_t columns, Out *out) noexcept {
    using namespace detail;
    using R = result_tier<Tier, T, Out>;
    if constexpr (has_float_terms<T, R>) {
      const auto sum = sum_in_floats<R>(in);
      if (sum.kind == float_row<R>::kinds::floats) [[likely]] {
        write_softmax<R>(in, sum.maximum.hi, sum.rounded_sum([&] { return sum_with_sink<R>(in).total(); }), out);
        return detail::fill_n(out + in.size, columns - in.size, Out(0.0f));
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
    return detail::rows_together<softmax_t, detail::float_inverse<R>, T, R, E>(in, out, options);
  }

  /// A piece of a row whose sum is known.
  template <class T, class In, class R, class Out>
  static void write(const detail::row_logits<T, In> &in, const detail::row_sum<T, R> &sum, std::size_t columns,
                    Out *out) noexcept {
    using namespace detail;
    if (sum.is_nan() || sum.is_empty()) {
      const bool zero = sum.is_empty() && in.options.on_empty_row == empty_row::zero;
      return detail::fill_n(out, columns, Out(zero ? 0.0f : detail::nan_of<float>));
    }
    if (sum.is_infinite()) {
      const double share = 1 / static_cast<double>(sum.count);
      map_logits<R>(in, out,
                    [&]<class W>(const W &x) noexcept { return W(select(x == W(sum.maximum), W(share), W(0.0))); });
    } else {
      const power<double> total = sum.total();
      if constexpr (has_float_terms<T, R>) {
        using e = scaled_exp<R, float_step>;
        if (const float maximum = static_cast<float>(sum.maximum); e::suits(maximum)) {
          write_softmax<R>(in, maximum, times_power(total.significand, total.exponent + e(maximum).scale()), out);
          return detail::fill_n(out + in.size, columns - in.size, Out(0.0f));
        }
      }
      map_logits<R>(in, out, [&]<class W>(const W &x) noexcept {
        const power<W> term = exp_power(x);
        return times_power(W(term.significand / W(total.significand)), W(term.exponent - W(total.exponent)));
      });
    }
    detail::fill_n(out + in.size, columns - in.size, Out(0.0f));
  }
};
inline constexpr softmax_t<> softmax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
