#include "bench.hpp"

#include <xact/elu.hpp>

namespace {
[[maybe_unused]] const bool added =
    bench::add_tiers("elu", xact::elu) && bench::add_tiers("selu", xact::selu) && bench::add_tiers("celu", xact::celu);
}
