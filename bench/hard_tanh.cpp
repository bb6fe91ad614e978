#include "bench.hpp"

#include <xact/hard_tanh.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("hard_tanh", xact::hard_tanh);
}
