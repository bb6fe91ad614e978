#include <xact/gelu.hpp>

#include "activation.hpp"

TEST_CASE("gelu") { check_activation(xact::gelu, records::gelu); }
TEST_CASE("gelu_tanh") { check_activation(xact::gelu_tanh, records::gelu_tanh); }
