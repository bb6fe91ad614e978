#include <xact/hard_sigmoid.hpp>

#include "activation.hpp"
#include "reference/derivatives.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::hard_sigmoid_t &, const record &);
extern template void check_derivative(const xact::hard_sigmoid_t &, const record &);

TEST_CASE("hard_sigmoid with ONNX's slope") {
  const record r = with_parameters<[] {
    return reference::hard_sigmoid{0.2, 1, 0.5};
  }>(records::of("hard_sigmoid"), 0, 0.5, 1);
  check_activation(xact::hard_sigmoid_t{.alpha = 0.2}, r);
}

TEST_CASE("hard_sigmoid with a slope of few bits: ties") {
  const record r = with_parameters<[] {
    return reference::hard_sigmoid{0.375, 1, 0.25};
  }>(records::of("hard_sigmoid"), 0, 0.25, 1);
  check_activation(xact::hard_sigmoid_t{.alpha = 0.375, .beta = 0.25}, r);
}

TEST_CASE("hard_sigmoid is 0 and 1 where its ramp ends") {
  CHECK(xact::hard_sigmoid(-3.0f) == 0);
  CHECK(xact::hard_sigmoid(-3.0) == 0);
  CHECK(xact::hard_sigmoid(3.0f) == 1);
  CHECK(xact::hard_sigmoid(3.0) == 1);
  CHECK(xact::hard_sigmoid_t{.alpha = 0, .beta = 0.75}(5.0f) == 0.75f);
}

TEST_CASE("derivative of hard_sigmoid with ONNX's parameters") {
  constexpr auto make = [] { return reference::hard_sigmoid_derivative{0.2, 1, 0.5}; };
  record r = with_parameters<make>(records::derivative_of("hard_sigmoid"), 0, 0.2, 0);
  r.closely = {-2.5, 2.5, 0.1};
  check_derivative(xact::hard_sigmoid_t{.alpha = 0.2}, r);
}
