#include "bench.hpp"

#include <xact/softsign.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_tiers("softsign", xact::softsign);
}
