#include <xact/gelu.hpp>

#include "every_float.hpp"

TEST_CASE("gelu, every float") { exhaustive::check(xact::gelu, records::gelu); }
TEST_CASE("gelu_tanh, every float") { exhaustive::check(xact::gelu_tanh, records::gelu_tanh); }
