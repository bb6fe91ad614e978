#pragma once

#include <xact/detail/arch.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// What becomes of a row whose logits are all -inf, so that it has no probabilities.
enum class empty_row {
  nan, ///< all NaN, as PyTorch
  zero ///< probability 0 everywhere (log_softmax: -inf), as ONNX Attention
};

/// How `softmax`, `log_softmax` and `logsumexp` make their logits:
/// `softmax(in, out, {.scale = 0.125f, .on_empty_row = empty_row::zero})`.
struct softmax_options {
  double scale = 1; ///< multiplies each element
  empty_row on_empty_row = empty_row::nan;
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
