#include <xact/relu.hpp>

#include "every_float.hpp"

TEST_CASE("relu, every float") { exhaustive::check(xact::relu, records::relu); }
TEST_CASE("leaky_relu, every float") { exhaustive::check(xact::leaky_relu, records::leaky_relu); }
