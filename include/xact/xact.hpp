#pragma once

/// @file
/// All of xact.

// First, so that what they refuse is in the compiler's first lines.
#include <xact/detail/config.hpp>

#include <xact/detail/lanes/xsimd.hpp>

#include <xact/activations.hpp>
#include <xact/backward.hpp>
#include <xact/backward_from_output.hpp>
#include <xact/columns.hpp>
#include <xact/compare.hpp>
#include <xact/derivative.hpp>
#include <xact/elu.hpp>
#include <xact/exact.hpp>
#include <xact/exponential.hpp>
#include <xact/float16.hpp>
#include <xact/float8.hpp>
#include <xact/gelu.hpp>
#include <xact/gelu_quick.hpp>
#include <xact/glu.hpp>
#include <xact/hard_sigmoid.hpp>
#include <xact/hard_swish.hpp>
#include <xact/hard_tanh.hpp>
#include <xact/inspect.hpp>
#include <xact/laplace.hpp>
#include <xact/linear.hpp>
#include <xact/log_softmax.hpp>
#include <xact/logsumexp.hpp>
#include <xact/mish.hpp>
#include <xact/names.hpp>
#include <xact/prelu.hpp>
#include <xact/quantize.hpp>
#include <xact/relu.hpp>
#include <xact/shrink.hpp>
#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/snake.hpp>
#include <xact/softcap.hpp>
#include <xact/softmax.hpp>
#include <xact/softmax_backward.hpp>
#include <xact/softmax_quantized.hpp>
#include <xact/softmax_state.hpp>
#include <xact/softmin.hpp>
#include <xact/softplus.hpp>
#include <xact/softsign.hpp>
#include <xact/sparse_plus.hpp>
#include <xact/sparsemax.hpp>
#include <xact/squareplus.hpp>
#include <xact/star_relu.hpp>
#include <xact/tanh.hpp>
#include <xact/tanh_shrink.hpp>
#include <xact/threshold.hpp>
#include <xact/transform.hpp>
#include <xact/version.hpp>
#include <xact/watch.hpp>
#include <xact/xielu.hpp>
