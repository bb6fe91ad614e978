#include "bench.hpp"

#include <xact/softplus.hpp>

namespace {
[[maybe_unused]] const bool added =
    bench::add_tiers("softplus", xact::softplus) && bench::add_tiers("log_sigmoid", xact::log_sigmoid);
}
