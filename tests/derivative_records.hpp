#pragma once
// One record per derivative, as records.hpp has the activations.

#include "records.hpp"
#include "reference/derivatives.hpp"

namespace records {

/// The record of f', F being its reference. `rounded` ones are correctly rounded under `exact`, the others within 1
/// ULP. In the default tier, from `eighths_from` on, where the root is, errors count in ULP of 1/8 at least.
template <class F>
constexpr record derivative(std::string_view name, double at_minus_infinity, double at_zero, double at_infinity,
                            double from, double to, bool rounded = false, std::array<double, 3> closely = {},
                            double eighths_from = infinity) {
  return {.name = name,
          .truth = truth_of<F>,
          .definition = definition_of<F>,
          .at_minus_infinity = at_minus_infinity,
          .at_zero = at_zero,
          .at_infinity = at_infinity,
          .domain = {from, to},
          .has_hard_cases = false,
          .ulp = {.standard = 8, .accurate = 2, .exact = rounded ? 0.5 : 1, .wide = 8, .wide_accurate = 2},
          .closely = closely,
          .eighths_from = eighths_from};
}

inline constexpr record relu_derivative = derivative<reference::relu_derivative>("relu'", 0, 0, 1, -1, 1);
inline constexpr record relu6_derivative =
    derivative<reference::relu6_derivative>("relu6'", 0, 0, 0, -1, 7, false, {6});
inline constexpr record relu_squared_derivative =
    derivative<reference::relu_squared_derivative>("relu_squared'", 0, 0, infinity, -1, 100);
inline constexpr record leaky_relu_derivative =
    derivative<reference::leaky_relu_derivative>("leaky_relu'", 0.01, 0.01, 1, -1, 1);
inline constexpr record hard_tanh_derivative =
    derivative<reference::hard_tanh_derivative>("hard_tanh'", 0, 1, 0, -2, 2, false, {-1, 1});
inline constexpr record hard_sigmoid_derivative =
    derivative<reference::hard_sigmoid_derivative>("hard_sigmoid'", 0, 1. / 6, 0, -4, 4, false, {-3, 3});
inline constexpr record hard_swish_derivative =
    derivative<reference::hard_swish_derivative>("hard_swish'", 0, 0.5, 1, -4, 4, false, {-3, -1.5, 3});
inline constexpr record softsign_derivative =
    derivative<reference::softsign_derivative>("softsign'", 0, 1, 0, -100, 100);
inline constexpr record sigmoid_derivative =
    derivative<reference::sigmoid_derivative>("sigmoid'", 0, 0.25, 0, -746, 746, true);
inline constexpr record log_sigmoid_derivative =
    derivative<reference::log_sigmoid_derivative>("log_sigmoid'", 1, 0.5, 0, -38, 746);
inline constexpr record softplus_derivative =
    derivative<reference::softplus_derivative>("softplus'", 0, 0.5, 1, -746, 38);
inline constexpr record tanh_derivative = derivative<reference::tanh_derivative>("tanh'", 0, 1, 0, -373, 373, true);
inline constexpr record silu_derivative =
    derivative<reference::silu_derivative>("silu'", -0.0, 0.5, 1, -753, 45, true, {-0x1.474973c84120bp+0}, -2.4);
inline constexpr record gelu_derivative =
    derivative<reference::gelu_derivative>("gelu'", -0.0, 0.5, 1, -38.7, 9, true, {-0x1.80ead197f00b4p-1}, -2);
inline constexpr record gelu_tanh_derivative = derivative<reference::gelu_tanh_derivative>(
    "gelu_tanh'", -0.0, 0.5, 1, -21.7, 7, true, {-0x1.81429f9e97e4dp-1}, -1.4143);
inline constexpr record gelu_quick_derivative =
    derivative<reference::gelu_quick_derivative>("gelu_quick'", -0.0, 0.5, 1, -442, 26, false, {-0.7511542}, -1.41);
inline constexpr record mish_derivative =
    derivative<reference::mish_derivative>("mish'", -0.0, 0.6, 1, -753, 38, false, {-0x1.31432c0d12d84p+0}, -2.5);
inline constexpr record elu_derivative = derivative<reference::elu_derivative>("elu'", 0, 1, 1, -746, 1);
inline constexpr record selu_derivative =
    derivative<reference::selu_derivative>("selu'", 0, 0x1.c212cc640f031p+0, 0x1.0cfabd6a91132p+0, -746, 1);
inline constexpr record celu_derivative = derivative<reference::celu_derivative>("celu'", 0, 1, 1, -746, 1);

inline constexpr record linear_derivative = derivative<reference::linear_derivative>("linear'", 1, 1, 1, -1, 1);
inline constexpr record threshold_derivative =
    derivative<reference::threshold_derivative>("threshold'", 0, 0, 1, -1, 1);
inline constexpr record thresholded_relu_derivative =
    derivative<reference::thresholded_relu_derivative>("thresholded_relu'", 0, 0, 1, -2, 2, false, {1});
inline constexpr record hard_shrink_derivative =
    derivative<reference::shrink_derivative>("hard_shrink'", 1, 0, 1, -2, 2, false, {-0.5, 0.5});
inline constexpr record soft_shrink_derivative =
    derivative<reference::shrink_derivative>("soft_shrink'", 1, 0, 1, -2, 2, false, {-0.5, 0.5});
inline constexpr record shrink_derivative =
    derivative<reference::shrink_derivative>("shrink'", 1, 0, 1, -2, 2, false, {-0.5, 0.5});
inline constexpr record sparse_sigmoid_derivative =
    derivative<reference::sparse_sigmoid_derivative>("sparse_sigmoid'", 0, 0.5, 0, -2, 2, false, {-1, 1});
inline constexpr record sparse_plus_derivative =
    derivative<reference::sparse_sigmoid>("sparse_plus'", 0, 0.5, 1, -2, 2, true, {-1, 1});
inline constexpr record star_relu_derivative =
    derivative<reference::star_relu_derivative>("star_relu'", 0, 0, infinity, -1, 100);
inline constexpr record exponential_derivative =
    derivative<reference::exponential>("exponential'", 0, 1, infinity, -746, 709.8, true);

inline constexpr record tanh_shrink_derivative =
    derivative<reference::tanh_shrink_derivative>("tanh_shrink'", 1, 0, 1, -25, 25);
inline constexpr record softcap_derivative =
    derivative<reference::softcap_derivative>("softcap'", 0, 1, 0, -11000, 11000);
inline constexpr record laplace_derivative =
    derivative<reference::laplace_derivative>("laplace'", 0, 0x1.f4a4fd0036cf4p-5, 0, -11, 12);

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr record snake_derivative = derivative<reference::snake_derivative>(
    "snake'", nan, 1, nan, -50, 50, false, {-0.7853981633974483, 2.356194490192345, 7.0685834705770345});
inline constexpr record snake_beta_derivative = derivative<reference::snake_beta_derivative>(
    "snake_beta'", nan, 1, nan, -50, 50, false, {-0.7853981633974483, 2.356194490192345, 7.0685834705770345});

inline constexpr record xielu_derivative =
    derivative<reference::xielu_derivative>("xielu'", -0x1.3333333333334p-2, 0x1.ffffca501c8cep-2, infinity, -40, 40);

inline constexpr std::array derivatives = {relu_derivative,
                                           relu6_derivative,
                                           relu_squared_derivative,
                                           leaky_relu_derivative,
                                           hard_tanh_derivative,
                                           hard_sigmoid_derivative,
                                           hard_swish_derivative,
                                           softsign_derivative,
                                           sigmoid_derivative,
                                           log_sigmoid_derivative,
                                           softplus_derivative,
                                           tanh_derivative,
                                           silu_derivative,
                                           gelu_derivative,
                                           gelu_tanh_derivative,
                                           gelu_quick_derivative,
                                           mish_derivative,
                                           elu_derivative,
                                           selu_derivative,
                                           celu_derivative,
                                           linear_derivative,
                                           threshold_derivative,
                                           thresholded_relu_derivative,
                                           hard_shrink_derivative,
                                           soft_shrink_derivative,
                                           shrink_derivative,
                                           sparse_sigmoid_derivative,
                                           sparse_plus_derivative,
                                           star_relu_derivative,
                                           exponential_derivative,
                                           tanh_shrink_derivative,
                                           softcap_derivative,
                                           laplace_derivative,
                                           snake_derivative,
                                           snake_beta_derivative,
                                           xielu_derivative};

/// The record of a tier that keeps its relative accuracy at roots too.
constexpr record strict(record r) {
  r.eighths_from = infinity;
  return r;
}

/// The record of the derivative of the activation of that name.
constexpr const record &derivative_of(std::string_view name) {
  for (const record &r : derivatives)
    if (r.name.size() == name.size() + 1 && r.name.starts_with(name))
      return r;
  throw std::out_of_range("an activation of the list has no record of its derivative");
}

} // namespace records
