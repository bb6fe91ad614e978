#include "bench.hpp"

#include <xact/relu.hpp>

namespace {
[[maybe_unused]] const bool added =
    bench::add_tiers("relu", xact::relu) && bench::add_tiers("leaky_relu", xact::leaky_relu) &&
    bench::add_tiers("relu6", xact::relu6) && bench::add_tiers("relu_squared", xact::relu_squared);
}
