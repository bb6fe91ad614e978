#include <xact/relu.hpp>

#include "activation.hpp"

TEST_CASE("relu") { check_activation(xact::relu, records::relu); }
TEST_CASE("leaky_relu") { check_activation(xact::leaky_relu, records::leaky_relu); }
