#pragma once

#include <xact/detail/softmax/calls.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Softmax of a row: softmax(x)[i] = e^x[i] / (e^x[0] + ... + e^x[n-1]).
///
/// `softmax(in, out, options)`, `softmax(inout, options)`, and the same with `rows(...)`; options: `softmax_options`.
/// Down columns: columns.hpp; in pieces: softmax_state.hpp; into codes of int8 and uint8: softmax_quantized.hpp.
///
/// *Accuracy*, of the softmax of the real-number logits, whatever finite numbers they are: float 4 ULP an element
/// (found: 3.38, additive masks; 3.30, 64 columns about 181,704; N(0, 3): 2.98), `accurate` 2 and `exact` 0.51 (found,
/// both: 0.5000); double 4 (found: 3.54) and 2; results of 16 bits 0.501 of their own type, float16 0.51. *Same*: a
/// row's bits do not depend on where it lies, on the order or the cuts of its elements, nor on its neighbours; those of
/// `exact` and of 16 bits not on the ISA. *Special*: a NaN makes the whole row NaN. Of k times +inf each gets 1/k, and
/// all else 0 (the limit). -inf gives exactly 0; a row of nothing else follows `on_empty_row`. *Method*:
/// detail/softmax/README.md. *Source*: torch.softmax, ONNX Softmax. *Files*: detail/softmax/, tests/softmax*.cpp,
/// tests/exhaustive/softmax.cpp, bench/softmax.cpp.
///
/// @code
/// std::vector<float> logits{0.0f, 1.0f, 3.0f}, probabilities(3);
/// xact::softmax(logits, probabilities); // 0.0420..., 0.1141..., 0.8437...
/// xact::softmax(logits, probabilities, {.scale = 0.5, .window = {.right = 1}}); // of the first two; 0 for the third
/// @endcode
template <detail::row_tier Tier = detail::row_tier::standard>
struct [[nodiscard]] softmax_t : detail::row_function<softmax_t, Tier> {
  static constexpr auto tier = Tier;
  static constexpr auto operation = detail::row_operation::softmax;
  static constexpr const char *name = "softmax";
};
inline constexpr softmax_t<> softmax{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
