// plain-<isa> [seconds]: xact as it is called without a tier, and the loops of formulas.hpp, from one element to 16M.
// Lines as of compare.cpp.

#include "speeds.hpp"

#include <cstdlib>

namespace {

template <class T> void all_lengths(double seconds) {
  const auto wanted = [](const bench::contender<T> &c) {
    constexpr std::string_view by[] = {"libc", "default", "libm", "xsimd", "eigen"};
    constexpr std::string_view functions[] = {"memcpy",   "relu", "leaky_relu", "hard_swish",    "softsign",
                                              "sigmoid",  "tanh", "silu",       "gelu",          "gelu_tanh",
                                              "softplus", "elu",  "mish",       "silu_backward", "gelu_backward"};
    return std::ranges::count(by, c.by) && std::ranges::count(functions, c.function);
  };
  for (const std::size_t n : {1u, 7u, 16u, 17u, 31u, 64u, 100u, 1024u, 4096u, 65536u})
    bench::speeds<T>(n, 2, seconds, wanted);
  if (sizeof(T) == sizeof(float))
    bench::speeds<T>(std::size_t(1) << 24, 2, 3 * seconds, wanted);
}

} // namespace

int main(int argc, char **argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  all_lengths<float>(seconds);
  all_lengths<double>(seconds);
  all_lengths<xact::float16>(seconds);
  all_lengths<xact::bfloat16>(seconds);
}
