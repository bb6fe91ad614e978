#include "derivative.hpp"

#include <xact/gelu.hpp>

TEST_CASE("derivative of gelu") {
  check_derivative<subject>(xact::gelu, records::gelu_derivative, {-0x1.80ead197f00b4p-1});
}
TEST_CASE("derivative of gelu_tanh") {
  check_derivative<by_range>(xact::gelu_tanh, records::gelu_tanh_derivative, {-0x1.81429f9e97e4dp-1});
}
