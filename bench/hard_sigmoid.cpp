#include "bench.hpp"

#include <xact/hard_sigmoid.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("hard_sigmoid", xact::hard_sigmoid);
}
