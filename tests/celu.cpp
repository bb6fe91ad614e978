#include <xact/elu.hpp>

#include "activation.hpp"
#include "reference/derivatives.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::celu_t &, const record &);
extern template void check_derivative(const xact::celu_t &, const record &);

TEST_CASE("celu with other alphas") {
  SECTION("0.5") {
    const record r = with_parameters<[] { return reference::celu{0.5}; }>(records::of("celu"), -0.5, 0, INFINITY);
    check_activation(xact::celu_t{.alpha = 0.5}, r);
  }
  SECTION("1.3") {
    const record r = with_parameters<[] { return reference::celu{1.3}; }>(records::of("celu"), -1.3, 0, INFINITY);
    check_activation(xact::celu_t{.alpha = 1.3}, r);
  }
}

TEST_CASE("derivative of celu with another alpha") {
  constexpr auto make = [] { return reference::celu_derivative{1.3}; };
  check_derivative(xact::celu_t{.alpha = 1.3}, with_parameters<make>(records::derivative_of("celu"), 0, 1, 1));
}
