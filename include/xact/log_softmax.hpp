#pragma once

#include <xact/detail/softmax/calls.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// The logarithm of softmax: log_softmax(x)[i] = x[i] - log(e^x[0] + ... + e^x[n-1]).
///
/// `log_softmax(in, out, options)`, `log_softmax(inout, options)`, and the same with `rows(...)`.
///
/// *Accuracy*: as `softmax`, results near 0 included (found: float 2.25, exact 0.5000, double 2.94).
/// *Special*: a NaN makes the whole row NaN. Of k times +inf each gets -log(k), and all else -inf. -inf gives -inf; a
/// row of nothing else is NaN, or -inf with `empty_row::zero`. *Method*: (x - largest) - log(1 + others/one), two terms
/// of one sign; the largest logit's term is not in the sum of the others. *Source*: torch.log_softmax, ONNX LogSoftmax.
///
/// @code
/// std::vector<float> row{0.0f, 1.0f, 3.0f};
/// xact::log_softmax(row); // -3.1698..., -2.1698..., -0.1698...
/// @endcode
template <detail::row_tier Tier = detail::row_tier::standard>
struct [[nodiscard]] log_softmax_t : detail::row_function<log_softmax_t, Tier> {
  static constexpr auto tier = Tier;
  static constexpr auto operation = detail::row_operation::log_softmax;
  static constexpr const char *name = "log_softmax";
};
inline constexpr log_softmax_t<> log_softmax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
