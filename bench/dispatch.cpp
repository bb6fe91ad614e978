#include "bench.hpp"

#include <xact/dispatch.hpp>
#include <xact/gelu.hpp>
#include <xact/relu.hpp>

#include <cstdlib>

namespace {

// The library's calls beside those compiled for the same ISA, in one run.
template <class T, class F, class D> bool add_both(const std::string &function, const F &f, const D &d) {
  return bench::add<T>(function + "_direct", "default", f) && bench::add<T>(function + "_dispatched", "default", d);
}
template <class F, class D> bool add_types(const std::string &function, const F &f, const D &d) {
  return add_both<float>(function, f, d) && add_both<double>(function, f, d) &&
         add_both<xact::bfloat16>(function, f, d);
}

[[maybe_unused]] const bool added = setenv("XACT_ISA", XACT_BENCH_ISA, 1) == 0 &&
                                    add_types("gelu", xact::gelu, xact::dispatch::gelu) &&
                                    add_types("leaky_relu", xact::leaky_relu, xact::dispatch::leaky_relu);

} // namespace
