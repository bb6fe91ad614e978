#include "bench.hpp"

#include <xact/silu.hpp>
#include <xact/transform.hpp>

namespace {

// silu(x + bias) in one pass, to be seen beside silu (a bias less to read); and in two, as without transform.
template <class F> bool add_tier(const std::string &tier, const F &f) {
  using input = std::span<const float>;
  using output = std::span<float>;
  const auto fused = [f](const float *in, float *out, std::size_t n) {
    xact::transform([f](auto v, auto b) { return f(v + b); }, input(in, n), input(in + n, n), output(out, n));
  };
  const auto apart = [f](const float *in, float *out, std::size_t n) {
    xact::transform([](auto v, auto b) { return v + b; }, input(in, n), input(in + n, n), output(out, n));
    f(output(out, n));
  };
  bench::contenders<float>().push_back({"silu_of_sum", tier, fused});
  bench::contenders<float>().push_back({"silu_of_sum_in_two_passes", tier, apart});
  return true;
}

[[maybe_unused]] const bool added = add_tier("default", xact::silu) && add_tier("accurate", xact::accurate(xact::silu));

} // namespace
