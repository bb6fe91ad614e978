#include <xact/sigmoid.hpp>

#include "every_float.hpp"

TEST_CASE("sigmoid, every float") { exhaustive::check(xact::sigmoid, records::sigmoid); }
