#include <xact/elu.hpp>

#include "every_float.hpp"

TEST_CASE("elu, every float") { exhaustive::check(xact::elu, records::elu); }
TEST_CASE("selu, every float") { exhaustive::check(xact::selu, records::selu); }
TEST_CASE("celu, every float") { exhaustive::check(xact::celu, records::celu); }
