#include <xact/gelu_quick.hpp>

#include "activation.hpp"

TEST_CASE("gelu_quick") { check_activation(xact::gelu_quick, records::gelu_quick); }
