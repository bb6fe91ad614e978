#pragma once

#include <xact/detail/quantized/codes.hpp>
#include <xact/softmax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// softmax and softmin into codes of a quantization, in one call:
///
/// `softmax(in, out, quantization, options)` with ranges, and the same with `rows(...)`; `in` of float or narrower,
/// `out` of `std::int8_t` or `std::uint8_t`.
///
/// *Accuracy*: within 0.51 of a code, ties to even, in every tier; held at the last code. *Special*: a row that is NaN
/// gives the zero point, as `quantize` does. *Source*: TFLite's SOFTMAX ({1/256, -128}), ONNX Runtime's QLinearSoftmax.
/// @throws std::invalid_argument as softmax, and when the scale is not positive and finite or the zero point is no code
///         of `out`.
///
/// @code
/// std::vector<float> logits{0.0f, 1.0f, 3.0f};
/// std::vector<std::int8_t> codes(3);
/// xact::softmax(logits, codes, xact::quantization{.scale = 1 / 256.f, .zero_point = -128}); // -117, -99, 88
/// @endcode
template <template <row_tier> class F, row_tier Tier>
template <class In, byte_code Out>
  requires coded_operation<F<Tier>, std::remove_const_t<In>>
void row_function<F, Tier>::operator()(const row_view<In> &in, const row_view<Out> &out, const quantization &codes,
                                       const softmax_options &options) const {
  require_quantization<Out>(F<Tier>::name, "scale", "zero_point", codes);
  require_rows_fit(F<Tier>::name, "in", in, out);
  require_options(F<Tier>::name, options, in.count, in.columns, named("out", out));
  each_row<F<Tier>::operation, Tier>(row_view<const In>{in.data, in.count, in.columns, in.stride}, out,
                                     own_options<F<Tier>>(options), codes);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
