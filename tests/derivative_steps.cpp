#include "derivative.hpp"

#include <xact/hard_sigmoid.hpp>
#include <xact/hard_swish.hpp>
#include <xact/hard_tanh.hpp>
#include <xact/relu.hpp>

// Kinks as in PyTorch: the records have 0 at the ends, or the negative side; `around` looks at them closely.
TEST_CASE("derivatives of piecewise functions") {
  check_derivative<by_range>(xact::hard_swish, records::hard_swish_derivative, {-3, -1.5, 3});
  check_derivative<by_range>(xact::hard_sigmoid, records::hard_sigmoid_derivative, {-3, 3});
  check_derivative<by_range>(xact::hard_tanh, records::hard_tanh_derivative, {-1, 1});
  check_derivative<by_range>(xact::relu, records::relu_derivative);
  check_derivative<by_range>(xact::relu6, records::relu6_derivative, {6});
  check_derivative<by_range>(xact::relu_squared, records::relu_squared_derivative);
  check_derivative<by_range>(xact::leaky_relu, records::leaky_relu_derivative);
}

TEST_CASE("derivative of hard_sigmoid with ONNX's parameters") {
  constexpr auto make = [] { return reference::hard_sigmoid_derivative{0.2, 1, 0.5}; };
  const record r = with_parameters<make>(records::hard_sigmoid_derivative, 0, 0.2, 0);
  check_derivative<by_range>(xact::hard_sigmoid_t{.alpha = 0.2}, r, {-2.5, 2.5});
}
