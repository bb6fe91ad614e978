#include "bench.hpp"

#include <xact/hard_swish.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("hard_swish", xact::hard_swish);
}
