#pragma once

/// @file
/// Activations by name: as PyTorch, ONNX, Keras, JAX, ggml and model configuration files ("hidden_act") write them.

#include <xact/activations.hpp>

#include <algorithm>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
/// Names that mean an activation of the list with other parameters than its default ones.
inline constexpr std::tuple variants{
    entry(hard_sigmoid_t{.alpha = 0.2}, "HardSigmoid"), // ONNX's; PyTorch's 1/6 is "Hardsigmoid"
};
inline constexpr auto all_named = std::tuple_cat(activations, variants);

inline constexpr auto all_names = std::apply(
    []<class... F, std::size_t... N>(const listed<F, N> &...entry) {
      std::array<std::string_view, (N + ...)> names;
      auto to = names.begin();
      ((to = std::copy(entry.names.begin(), entry.names.end(), to)), ...);
      return names;
    },
    all_named);
} // namespace detail

/// Every name that `for_name` knows. Of names that mean different functions in two places PyTorch's meaning holds:
/// JAX's default gelu and ggml's GELU are "gelu_tanh" here, Keras's leaky_relu is leaky_relu_t{.negative_slope = 0.2}.
///
/// @code
/// for (const std::string_view name : xact::names()) std::printf("%s\n", name.data());
/// @endcode
[[nodiscard]] constexpr const auto &names() noexcept { return detail::all_names; }

/// Calls visit(f) with the activation of that name, spelled as the one who uses it does, and its parameters as they are
/// by default there. Returns whether the name is known. Every activation is compiled into the caller: once in a program
/// is enough.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// const bool known = xact::for_name("gelu_pytorch_tanh", [&](const auto &f) { f(layer); });
/// @endcode
template <class Visit> constexpr bool for_name(std::string_view name, Visit &&visit) {
  const auto visited = [&](const auto &entry) {
    const bool named = std::find(entry.names.begin(), entry.names.end(), name) != entry.names.end();
    if (named) {
      visit(entry.f);
    }
    return named;
  };
  return std::apply([&](const auto &...entry) { return (visited(entry) || ...); }, detail::all_named);
}

/// @name PyTorch's spellings, and hard_silu of Keras and JAX: other names of the same objects and types.
///
/// @code
/// const std::vector<float> y{xact::hardshrink(1.0f), xact::hardsigmoid(1.0f), xact::hardswish(1.0f),
///                            xact::hard_silu(1.0f),  xact::hardtanh(1.0f),    xact::logsigmoid(1.0f),
///                            xact::softshrink(1.0f), xact::tanhshrink(1.0f)};
/// @endcode
/// @{
inline constexpr hard_shrink_t hardshrink{};
inline constexpr hard_sigmoid_t hardsigmoid{};
inline constexpr hard_swish_t hardswish{};
inline constexpr hard_swish_t hard_silu{};
inline constexpr hard_tanh_t hardtanh{};
inline constexpr log_sigmoid_t logsigmoid{};
inline constexpr soft_shrink_t softshrink{};
inline constexpr tanh_shrink_t tanhshrink{};
using hardshrink_t = hard_shrink_t;
using hardsigmoid_t = hard_sigmoid_t;
using hardswish_t = hard_swish_t;
using hard_silu_t = hard_swish_t;
using hardtanh_t = hard_tanh_t;
using logsigmoid_t = log_sigmoid_t;
using softshrink_t = soft_shrink_t;
using tanhshrink_t = tanh_shrink_t;
/// @}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
