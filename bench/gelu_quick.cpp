#include "bench.hpp"

#include <xact/gelu_quick.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("gelu_quick", xact::gelu_quick);
}
