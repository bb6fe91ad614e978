#include <xact/tanh.hpp>

#include "every_float.hpp"

TEST_CASE("tanh, every float") { exhaustive::check(xact::tanh, records::tanh); }
