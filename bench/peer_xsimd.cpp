// The same formulas over xsimd's own exp, tanh and erf.
#include "bench.hpp"

#include <cmath>

namespace {

using batch = xsimd::batch<float>;

float maximum_of(const float *in, std::size_t n) {
  batch maximum(in[0]);
  std::size_t i = 0;
  for (; n - i >= batch::size; i += batch::size)
    maximum = xsimd::max(maximum, batch::load_unaligned(in + i));
  float result = xsimd::reduce_max(maximum);
  for (; i < n; ++i)
    result = std::max(result, in[i]);
  return result;
}

/// out = exp(in - maximum); the sum.
float exponentials(const float *in, float *out, std::size_t n, float maximum) {
  batch sum(0.f);
  std::size_t i = 0;
  for (; n - i >= batch::size; i += batch::size) {
    const batch e = xsimd::exp(batch::load_unaligned(in + i) - maximum);
    e.store_unaligned(out + i);
    sum += e;
  }
  float result = xsimd::reduce_add(sum);
  for (; i < n; ++i)
    result += out[i] = std::exp(in[i] - maximum);
  return result;
}

void softmax(const float *in, float *out, std::size_t n) {
  const float factor = 1 / exponentials(in, out, n, maximum_of(in, n));
  bench::each_batch<float>([factor](batch x) { return x * factor; })(out, out, n);
}

void log_softmax(const float *in, float *out, std::size_t n) {
  const float maximum = maximum_of(in, n);
  const float shift = maximum + std::log(exponentials(in, out, n, maximum));
  bench::each_batch<float>([shift](batch x) { return x - shift; })(in, out, n);
}

void swiglu(const float *in, float *out, std::size_t n) {
  for (std::size_t i = 0; i + batch::size <= n; i += batch::size) {
    const batch gate = batch::load_unaligned(in + i), up = batch::load_unaligned(in + n + i);
    (gate / (1 + xsimd::exp(-gate)) * up).store_unaligned(out + i);
  }
}

const std::string version = std::to_string(XSIMD_VERSION_MAJOR) + "." + std::to_string(XSIMD_VERSION_MINOR) + "." +
                            std::to_string(XSIMD_VERSION_PATCH);

struct math {
  static auto exp(const auto &x) { return xsimd::exp(x); }
  static auto expm1(const auto &x) { return xsimd::expm1(x); }
  static auto log1p(const auto &x) { return xsimd::log1p(x); }
  static auto erf(const auto &x) { return xsimd::erf(x); }
  static auto tanh(const auto &x) { return xsimd::tanh(x); }
  static auto abs(const auto &x) { return xsimd::abs(x); }
  static auto max(const auto &x, auto y) { return xsimd::max(x, decltype(x + y)(y)); }
  static auto min(const auto &x, auto y) { return xsimd::min(x, decltype(x + y)(y)); }
  static auto sigmoid(const auto &x) { return 1 / (1 + xsimd::exp(-x)); }
};

template <class T> void add_loops(bench::peer &p) {
  p.add_formulas<T, T>(
      math(), [](auto f) { return bench::each_batch<T>(f); }, [](auto f) { return bench::each_batch<T, 2>(f); });
}

[[maybe_unused]] const bool added = [] {
  bench::peer own("xsimd", version);
  add_loops<float>(own);
  add_loops<double>(own);
  own.add("swiglu", swiglu, batch::size).add_rows("softmax", softmax).add_rows("log_softmax", log_softmax);
  return true;
}();

} // namespace
