#include <xact/softsign.hpp>

#include "activation.hpp"

TEST_CASE("softsign") { check_activation(xact::softsign, records::softsign); }
