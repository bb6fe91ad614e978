#include "bench.hpp"

#include <xact/glu.hpp>

namespace {

// f(gate) * up; ns/element is per output, and memcpy that of one array.
template <class F> bool add_tier(const std::string &function, const std::string &tier, const F &f) {
  bench::contenders<float>().push_back({function, tier, [f](const float *in, float *out, std::size_t n) {
                                          using input = std::span<const float>;
                                          f(input(in, n), input(in + n, n), std::span<float>(out, n));
                                        }});
  return true;
}

[[maybe_unused]] const bool added =
    add_tier("swiglu", "default", xact::swiglu) && add_tier("swiglu", "accurate", xact::accurate(xact::swiglu)) &&
    add_tier("geglu", "default", xact::geglu) && add_tier("geglu", "accurate", xact::accurate(xact::geglu));

} // namespace
