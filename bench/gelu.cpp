#include "bench.hpp"
#include <xact/gelu.hpp>

namespace {
[[maybe_unused]] const bool added =
    bench::add_tiers("gelu", xact::gelu) && bench::add_tiers("gelu_tanh", xact::gelu_tanh);
}
