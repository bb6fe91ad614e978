#include <xact/tanh.hpp>

#include "activation.hpp"

TEST_CASE("tanh") { check_activation(xact::tanh, records::tanh); }
