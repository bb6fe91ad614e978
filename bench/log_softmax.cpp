#include "row_function.hpp"

#include <xact/log_softmax.hpp>

namespace {
[[maybe_unused]] const bool added = bench::add_row_function("log_softmax", xact::log_softmax);
}
