#include <xact/hard_tanh.hpp>

#include "every_float.hpp"

TEST_CASE("hard_tanh, every float") { exhaustive::check(xact::hard_tanh, records::hard_tanh); }
