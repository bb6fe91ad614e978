#pragma once

#include <xact/activation.hpp>
#include <xact/detail/widen.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Rectified linear unit: relu(x) = max(x, 0).
///
/// *Accuracy*: exact, every tier and type. *Special*: NaN gives NaN, -0 gives -0, +inf gives +inf, -inf gives 0.
/// *Method*: one comparison and one selection, because `max` drops NaN or the sign of zero on some ISAs.
/// *Source*: torch.nn.ReLU; ONNX Relu.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::relu(layer); // 0, 2
/// @endcode
struct relu_t : activation<relu_t> {
  template <class Tier, class V> [[gnu::always_inline]] V kernel(Tier, const V &x) const noexcept {
    return detail::at_least(x, V(detail::scalar_t<V>(0)));
  }
};
inline constexpr relu_t relu{};

/// Leaky rectified linear unit: x for x > 0, negative_slope * x else.
///
/// *Parameter*: `negative_slope`, any finite number. float kernels round it to float first, as PyTorch does; `exact`
/// multiplies by the double and rounds once.
/// *Accuracy*: one rounding of the product (0.5 ULP for a slope that is a float; 0.87 ULP of 0.01 * x for the default
/// slope), every float; `exact` 0.5 ULP. *Special*: NaN gives NaN, -0 gives -0, infinities follow the definition.
/// *Source*: torch.nn.LeakyReLU; ONNX LeakyRelu.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::leaky_relu_t{.negative_slope = 0.25f}(layer); // -0.25, 2
/// @endcode
struct leaky_relu_t {
  double negative_slope = 0.01;

  template <class Tier, class V> [[gnu::always_inline]] V kernel(Tier, const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    if constexpr (std::is_same_v<Tier, tier::exact> && sizeof(T) == 4) {
      return detail::to_float(kernel(Tier{}, detail::to_double(x)));
    } else {
      return detail::blend(V(T(0)) < x, x, V(x * V(static_cast<T>(negative_slope))));
    }
  }

  // Spelled out, not inherited: with a base class g++ warns at every designated initializer of a user
  // (-Wmissing-field-initializers).
  template <class... Args>
  requires callable_with<leaky_relu_t, Args...>
  [[gnu::always_inline]] auto operator()(Args &&...args) const noexcept(detail::is_value_call<Args...>) {
    return detail::call(*this, args...);
  }
};
inline constexpr leaky_relu_t leaky_relu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
