#include "bench.hpp"
#include <xact/silu.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("silu", xact::silu);
}
