#include <xact/mish.hpp>

#include "activation.hpp"

TEST_CASE("mish") { check_activation(xact::mish, records::mish); }
