#include <xact/hard_swish.hpp>

#include "every_float.hpp"

TEST_CASE("hard_swish, every float") { exhaustive::check(xact::hard_swish, records::hard_swish); }
