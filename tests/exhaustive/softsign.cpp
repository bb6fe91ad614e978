#include <xact/softsign.hpp>

#include "every_float.hpp"

TEST_CASE("softsign, every float") { exhaustive::check(xact::softsign, records::softsign); }
