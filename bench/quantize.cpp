#include "bench.hpp"

#include <xact/quantize.hpp>
#include <xact/silu.hpp>

namespace {
// What the table holds does not matter to its speed.
[[maybe_unused]] const bool added = bench::add<std::int8_t>(
    "table", "default", xact::tabulate<std::int8_t>(xact::silu, {.scale = 0.05f}, {.scale = 0.04f}));
} // namespace
