#include "derivative.hpp"

#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/tanh.hpp>

TEST_CASE("derivative of sigmoid") { check_derivative<subject>(xact::sigmoid, records::sigmoid_derivative); }
TEST_CASE("derivative of tanh") { check_derivative<subject>(xact::tanh, records::tanh_derivative); }
TEST_CASE("derivative of silu") {
  check_derivative<subject>(xact::silu, records::silu_derivative, {-0x1.474973c84120bp+0});
}
