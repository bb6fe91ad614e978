// Loops that anyone would write first, over the C library's own functions.
#include "bench.hpp"

#include <cmath>

namespace {

struct math {
  static auto exp(auto x) { return std::exp(x); }
  static auto expm1(auto x) { return std::expm1(x); }
  static auto log1p(auto x) { return std::log1p(x); }
  static auto erf(auto x) { return std::erf(x); }
  static auto tanh(auto x) { return std::tanh(x); }
  static auto abs(auto x) { return std::abs(x); }
  static auto max(auto x, auto y) { return x > y ? x : y; }
  static auto min(auto x, auto y) { return x < y ? x : y; }
  static auto sigmoid(auto x) { return 1 / (1 + std::exp(-x)); }
};

/// Types of 16 bits are computed as float.
template <class T> using computed = std::conditional_t<(sizeof(T) < sizeof(float)), float, T>;

template <class T> void add_loops(bench::peer &p) {
  p.add_formulas<T, computed<T>>(
      math(),
      [](auto f) {
        return [f](const T *in, T *out, std::size_t n) {
          for (std::size_t i = 0; i < n; ++i)
            out[i] = static_cast<T>(f(static_cast<computed<T>>(in[i])));
        };
      },
      [](auto f) {
        return [f](const T *in, T *out, std::size_t n) {
          for (std::size_t i = 0; i < n; ++i)
            out[i] = static_cast<T>(f(static_cast<computed<T>>(in[i]), static_cast<computed<T>>(in[n + i])));
        };
      });
}

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

[[maybe_unused]] const bool added = [] {
  bench::peer libm("libm", version);
  add_loops<float>(libm);
  add_loops<double>(libm);
  add_loops<xact::float16>(libm);
  add_loops<xact::bfloat16>(libm);
  libm.add_rows("softmax", softmax).add_rows("log_softmax", log_softmax);
  return true;
}();

} // namespace
