#include "bench.hpp"

#include <xact/mish.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("mish", xact::mish);
}
