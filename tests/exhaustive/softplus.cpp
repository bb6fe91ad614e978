#include <xact/softplus.hpp>

#include "every_float.hpp"

TEST_CASE("softplus, every float") { exhaustive::check(xact::softplus, records::softplus); }
TEST_CASE("log_sigmoid, every float") { exhaustive::check(xact::log_sigmoid, records::log_sigmoid); }
