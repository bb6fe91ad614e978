#include <xact/sigmoid.hpp>

#include "activation.hpp"

TEST_CASE("sigmoid") { check_activation(xact::sigmoid, records::sigmoid); }
