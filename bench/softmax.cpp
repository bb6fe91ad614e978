#include "row_function.hpp"

namespace {
[[maybe_unused]] const bool added = bench::add_row_function("softmax", xact::softmax);
}
