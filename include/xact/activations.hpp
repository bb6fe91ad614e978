#pragma once

/// @file
/// The one list of xact's activations. Tests, benchmarks, names and the dispatch library are made from it.

#include <xact/elu.hpp>
#include <xact/exponential.hpp>
#include <xact/gelu.hpp>
#include <xact/gelu_quick.hpp>
#include <xact/hard_sigmoid.hpp>
#include <xact/hard_swish.hpp>
#include <xact/hard_tanh.hpp>
#include <xact/laplace.hpp>
#include <xact/linear.hpp>
#include <xact/mish.hpp>
#include <xact/relu.hpp>
#include <xact/shrink.hpp>
#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/snake.hpp>
#include <xact/softcap.hpp>
#include <xact/softplus.hpp>
#include <xact/softsign.hpp>
#include <xact/sparse_plus.hpp>
#include <xact/squareplus.hpp>
#include <xact/star_relu.hpp>
#include <xact/tanh.hpp>
#include <xact/tanh_shrink.hpp>
#include <xact/threshold.hpp>
#include <xact/xielu.hpp>

#include <array>
#include <string_view>
#include <tuple>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// An activation with its default parameters, and its names: xact's own first, then those of PyTorch, ONNX, Keras, JAX,
/// ggml and configuration files where they are others.
///
/// @code
/// constexpr xact::listed first = std::get<0>(xact::activations);
/// static_assert(first.name() == "relu" && first.names[0] == "relu");
/// @endcode
template <class F, std::size_t N> struct listed {
  F f;
  std::array<std::string_view, N> names;

  /// xact's own name.
  constexpr std::string_view name() const noexcept { return names[0]; }
};

namespace detail {
template <class F, class... Names> constexpr listed<F, sizeof...(Names)> entry(const F &f, const Names &...names) {
  return {f, {names...}};
}
} // namespace detail

/// All activations of xact, in the order of README's table.
///
/// @code
/// std::apply([](const auto &...entry) { (std::puts(entry.name().data()), ...); }, xact::activations);
/// @endcode
inline constexpr std::tuple activations{
    detail::entry(relu, "relu", "ReLU", "Relu", "RELU"),
    detail::entry(leaky_relu, "leaky_relu", "LeakyReLU", "LeakyRelu", "leakyrelu", "LEAKY_RELU"),
    detail::entry(relu6, "relu6", "ReLU6"),
    detail::entry(relu_squared, "relu_squared", "relu2", "squared_relu", "relu_square"),
    detail::entry(squareplus, "squareplus", "Squareplus"),
    detail::entry(star_relu, "star_relu", "StarReLU"),
    detail::entry(threshold, "threshold", "Threshold"),
    detail::entry(thresholded_relu, "thresholded_relu", "ThresholdedRelu", "ThresholdedReLU"),
    detail::entry(hard_shrink, "hard_shrink", "Hardshrink", "hardshrink"),
    detail::entry(soft_shrink, "soft_shrink", "Softshrink", "softshrink"),
    detail::entry(shrink, "shrink", "Shrink"),
    detail::entry(linear, "linear", "Identity", "identity"),
    detail::entry(sparse_plus, "sparse_plus"),
    detail::entry(sparse_sigmoid, "sparse_sigmoid"),
    detail::entry(hard_tanh, "hard_tanh", "Hardtanh", "hardtanh"),
    detail::entry(hard_sigmoid, "hard_sigmoid", "Hardsigmoid", "hardsigmoid", "HARDSIGMOID"),
    detail::entry(hard_swish, "hard_swish", "Hardswish", "hardswish", "HardSwish", "hard_silu", "HARDSWISH"),
    detail::entry(softsign, "softsign", "Softsign", "soft_sign"),
    detail::entry(exponential, "exponential", "Exp", "exp", "EXP"),
    detail::entry(sigmoid, "sigmoid", "Sigmoid", "SIGMOID"),
    detail::entry(log_sigmoid, "log_sigmoid", "LogSigmoid", "logsigmoid"),
    detail::entry(softplus, "softplus", "Softplus", "SOFTPLUS"),
    detail::entry(tanh, "tanh", "Tanh", "TANH"),
    detail::entry(tanh_shrink, "tanh_shrink", "Tanhshrink", "tanhshrink"),
    detail::entry(softcap, "softcap", "SOFTCAP"),
    detail::entry(snake, "snake", "Snake"),
    detail::entry(snake_beta, "snake_beta", "SnakeBeta", "snakebeta"),
    detail::entry(laplace, "laplace"),
    detail::entry(silu, "silu", "SiLU", "swish", "Swish", "SILU"),
    detail::entry(gelu, "gelu", "GELU", "Gelu", "gelu_python", "gelu_erf", "GELU_ERF"),
    detail::entry(gelu_tanh, "gelu_tanh", "gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_accurate",
                  "gelu_python_tanh"),
    detail::entry(gelu_quick, "gelu_quick", "quick_gelu", "GELU_QUICK"),
    detail::entry(mish, "mish", "Mish"),
    detail::entry(elu, "elu", "ELU", "Elu"),
    detail::entry(selu, "selu", "SELU", "Selu"),
    detail::entry(celu, "celu", "CELU", "Celu"),
    detail::entry(xielu, "xielu", "XIELU", "xIELU"),
};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
