#pragma once

#include <xact/activation.hpp>
#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/numbers/rounding.hpp>

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
  static constexpr bool is_exact = true;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    return detail::positive_part(x);
  }

  /// 1 for x > 0, 0 for x < 0; 0 and NaN stay what they are.
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    return detail::select(V(T(0)) < x, V(T(1)), detail::select(x < V(T(0)), V(T(0)), x));
  }
};
inline constexpr relu_t relu{};

/// ReLU with a ceiling: relu6(x) = min(max(x, 0), 6).
///
/// *Accuracy*: exact, every tier and type. *Special*: NaN gives NaN, -0 gives -0, +inf gives 6, -inf gives 0.
/// *Source*: torch.nn.ReLU6.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f, 9.0f};
/// xact::relu6(layer); // 0, 2, 6
/// @endcode
struct relu6_t : activation<relu6_t> {
  static constexpr bool is_exact = true;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    return detail::at_most(detail::positive_part(x), V(T(6)));
  }

  /// 1 for 0 < x < 6, else 0; 0 and NaN stay what they are.
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    return detail::select(x >= V(T(6)), V(T(0)), relu.slope(Tier{}, x));
  }
};
inline constexpr relu6_t relu6{};

/// Squared ReLU: relu_squared(x) = max(x, 0)^2.
///
/// *Accuracy*: correctly rounded, every tier and type: one multiplication. *Special*: NaN gives NaN, -0 gives -0, +inf
/// and squares beyond the type's range give +inf, -inf gives 0.
/// *Source*: D. So et al., Primer: searching for efficient transformers for language modeling, 2021.
///
/// @code
/// std::vector<float> layer{-1.0f, 3.0f};
/// xact::relu_squared(layer); // 0, 9
/// @endcode
struct relu_squared_t : activation<relu_squared_t> {
  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    const V positive = detail::at_least(x, V(detail::scalar_t<V>(0)));
    return positive * detail::abs(positive); // the sign of -0 stays
  }

  /// 2x for x > 0, else 0.
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    const V positive = detail::at_least(x, V(detail::scalar_t<V>(0)));
    return positive + positive;
  }
};
inline constexpr relu_squared_t relu_squared{};

/// Leaky rectified linear unit: x for x > 0, negative_slope * x else.
///
/// *Parameter*: `negative_slope`, any finite number. float kernels round it to float first, as PyTorch does; `exact`
/// multiplies by the double and rounds once.
/// *Accuracy*: one rounding of the product (0.5 ULP for a slope that is a float; 0.87 ULP of 0.01 * x for the default
/// slope), every float; `exact` 0.5 ULP. *Special*: NaN gives NaN, -0 gives -0 (of a negative slope, as in PyTorch, the
/// other zero), infinities follow the definition.
/// *Source*: torch.nn.LeakyReLU; ONNX LeakyRelu.
///
/// @code
/// std::vector<float> layer{-1.0f, 2.0f};
/// xact::leaky_relu_t{.negative_slope = 0.25f}(layer); // -0.25, 2
/// @endcode
struct leaky_relu_t {
  double negative_slope = 0.01;

  template <class Tier, class V> XACT_INLINE V kernel(Tier, const V &x) const noexcept {
    using namespace detail;
    using T = scalar_t<V>;
    const V slope(static_cast<T>(negative_slope));
    if constexpr (!std::is_same_v<Tier, tier::exact>) {
      return select(V(T(0)) < x, x, V(x * slope));
    } else if constexpr (sizeof(T) == 4) {
      return to_float(kernel(Tier{}, to_double(x)));
    } else { // 0.01 times a subnormal is now and then within 2^-55 of a tie
      return select(x < V(T(0)), round_to_odd(two_product(at_least(x, V(-0x1p500)), slope)), x);
    }
  }

  /// 1 for x > 0, the slope else.
  template <class Tier, class V> XACT_INLINE V slope(Tier, const V &x) const noexcept {
    using T = detail::scalar_t<V>;
    const V below(static_cast<T>(negative_slope));
    return detail::select(V(T(0)) < x, V(T(1)), detail::unless_nan(x, below));
  }

  // Spelled out, not inherited: with a base class g++ warns at every designated initializer of a user
  // (-Wmissing-field-initializers).
  XACT_INLINE auto operator()(auto &&...args) const noexcept(detail::is_value_call<decltype(args)...>)
    requires callable_with<leaky_relu_t, decltype(args)...>
  {
    return detail::call(*this, args...);
  }
};
inline constexpr leaky_relu_t leaky_relu{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
