#include <xact/silu.hpp>

#include "activation.hpp"

TEST_CASE("silu") { check_activation(xact::silu, records::silu); }
