// Loops that anyone would write first, over the C library's own functions.
#include "bench.hpp"

#include <cmath>

namespace {

constexpr auto each = [](auto f) {
  return [f](const float *in, float *out, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
      out[i] = f(in[i]);
  };
};

void softmax(const float *in, float *out, std::size_t n) {
  const float maximum = *std::max_element(in, in + n);
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    sum += out[i] = std::exp(in[i] - maximum);
  for (std::size_t i = 0; i < n; ++i)
    out[i] /= sum;
}

void log_softmax(const float *in, float *out, std::size_t n) {
  const float maximum = *std::max_element(in, in + n);
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    sum += std::exp(in[i] - maximum);
  const float log = std::log(sum);
  for (std::size_t i = 0; i < n; ++i)
    out[i] = in[i] - maximum - log;
}

#if defined(__GLIBC__)
const std::string version = "glibc " + std::to_string(__GLIBC__) + "." + std::to_string(__GLIBC_MINOR__);
#else
const std::string version = "the system's";
#endif

[[maybe_unused]] const bench::peer libm =
    bench::peer("libm", version)
        .add("relu", each([](float x) { return x > 0 ? x : 0; }))
        .add("sigmoid", each([](float x) { return 1 / (1 + std::exp(-x)); }))
        .add("tanh", each([](float x) { return std::tanh(x); }))
        .add("silu", each([](float x) { return x / (1 + std::exp(-x)); }))
        .add("gelu", each([](float x) { return 0.5f * x * (1 + std::erf(x * 0.70710678f)); }))
        .add("gelu_tanh",
             each([](float x) { return 0.5f * x * (1 + std::tanh(0.79788456f * (x + 0.044715f * x * x * x))); }))
        .add_rows("softmax", softmax)
        .add_rows("log_softmax", log_softmax);

} // namespace
