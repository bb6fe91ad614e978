#include <xact/hard_sigmoid.hpp>

#include "every_float.hpp"

TEST_CASE("hard_sigmoid, every float") { exhaustive::check(xact::hard_sigmoid, records::hard_sigmoid); }
