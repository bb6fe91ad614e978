#include <xact/mish.hpp>

#include "every_float.hpp"

TEST_CASE("mish, every float") { exhaustive::check(xact::mish, records::mish); }
