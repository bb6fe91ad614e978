#include <xact/silu.hpp>

#include "every_float.hpp"

TEST_CASE("silu, every float") { exhaustive::check(xact::silu, records::silu); }
