#include "derivative.hpp"

#include <xact/elu.hpp>
#include <xact/softplus.hpp>
#include <xact/softsign.hpp>

TEST_CASE("derivatives of softplus and log_sigmoid") {
  check_derivative<by_range>(xact::softplus, records::softplus_derivative);
  check_derivative<by_range>(xact::log_sigmoid, records::log_sigmoid_derivative);
  constexpr auto make = [] { return reference::softplus_derivative{2.5}; };
  const record r = with_parameters<make>(records::softplus_derivative, 0, 0.5, 1);
  check_derivative<by_range>(xact::softplus_t{.beta = 2.5}, r);
}

TEST_CASE("derivatives of elu, selu, celu") {
  check_derivative<by_range>(xact::elu, records::elu_derivative);
  check_derivative<by_range>(xact::selu, records::selu_derivative);
  constexpr auto make = [] { return reference::celu_derivative{1.3}; };
  const record r = with_parameters<make>(records::celu_derivative, 0, 1, 1);
  check_derivative<by_range>(xact::celu_t{.alpha = 1.3}, r);
}

TEST_CASE("derivative of softsign") { check_derivative<by_range>(xact::softsign, records::softsign_derivative); }
