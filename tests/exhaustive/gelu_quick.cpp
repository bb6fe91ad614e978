#include <xact/gelu_quick.hpp>

#include "every_float.hpp"

TEST_CASE("gelu_quick, every float") { exhaustive::check(xact::gelu_quick, records::gelu_quick); }
