#include <xact/relu.hpp>

#include "every_float.hpp"

TEST_CASE("relu, every float") { exhaustive::check(xact::relu, records::relu); }
TEST_CASE("leaky_relu, every float") { exhaustive::check(xact::leaky_relu, records::leaky_relu); }
TEST_CASE("relu6, every float") { exhaustive::check(xact::relu6, records::relu6); }
TEST_CASE("relu_squared, every float") { exhaustive::check(xact::relu_squared, records::relu_squared); }
