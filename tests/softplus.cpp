#include <xact/softplus.hpp>

#include "activation.hpp"

TEST_CASE("softplus") { check_activation(xact::softplus, records::softplus); }
TEST_CASE("log_sigmoid") { check_activation(xact::log_sigmoid, records::log_sigmoid); }

TEST_CASE("softplus with other betas") {
  constexpr double ln2 = 0.6931471805599453;
  SECTION("2") {
    const record r = with_parameters<[] { return reference::softplus{2}; }>(records::softplus, 0, ln2 / 2, INFINITY);
    check_activation(xact::softplus_t{.beta = 2}, r);
  }
  SECTION("0.7") {
    const record r =
        with_parameters<[] { return reference::softplus{0.7}; }>(records::softplus, 0, ln2 / 0.7, INFINITY);
    check_activation(xact::softplus_t{.beta = 0.7}, r);
  }
}
