#include <xact/elu.hpp>

#include "activation.hpp"

TEST_CASE("elu") { check_activation(xact::elu, records::elu); }
TEST_CASE("selu") { check_activation(xact::selu, records::selu); }
TEST_CASE("celu") { check_activation(xact::celu, records::celu); }

TEST_CASE("elu with another alpha") {
  const record r = with_parameters<[] { return reference::elu{1.673}; }>(records::elu, -1.673, 0, INFINITY);
  check_activation(xact::elu_t{.alpha = 1.673}, r);
}

TEST_CASE("celu with other alphas") {
  SECTION("0.5") {
    const record r = with_parameters<[] { return reference::celu{0.5}; }>(records::celu, -0.5, 0, INFINITY);
    check_activation(xact::celu_t{.alpha = 0.5}, r);
  }
  SECTION("1.3") {
    const record r = with_parameters<[] { return reference::celu{1.3}; }>(records::celu, -1.3, 0, INFINITY);
    check_activation(xact::celu_t{.alpha = 1.3}, r);
  }
}
