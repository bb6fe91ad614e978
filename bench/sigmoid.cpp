#include "bench.hpp"
#include <xact/sigmoid.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("sigmoid", xact::sigmoid);
}
