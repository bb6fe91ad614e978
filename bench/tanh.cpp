#include "bench.hpp"
#include <xact/tanh.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("tanh", xact::tanh);
}
