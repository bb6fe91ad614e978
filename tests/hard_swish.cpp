#include <xact/hard_swish.hpp>

#include "activation.hpp"

TEST_CASE("hard_swish") { check_activation(xact::hard_swish, records::hard_swish); }
