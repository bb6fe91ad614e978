// SLEEF's functions of at most 1 ULP, and the formulas over them.
#include "bench.hpp"

#include <sleef.h>

namespace {

using batch = xsimd::batch<float>;

struct functions {
#if defined(__AVX512F__)
  static batch exp(batch x) { return Sleef_expf16_u10avx512f(x); }
  static batch tanh(batch x) { return Sleef_tanhf16_u10avx512f(x); }
  static batch erf(batch x) { return Sleef_erff16_u10avx512f(x); }
#elif defined(__AVX2__)
  static batch exp(batch x) { return Sleef_expf8_u10avx2(x); }
  static batch tanh(batch x) { return Sleef_tanhf8_u10avx2(x); }
  static batch erf(batch x) { return Sleef_erff8_u10avx2(x); }
#elif defined(__AVX__)
  static batch exp(batch x) { return Sleef_expf8_u10avx(x); }
  static batch tanh(batch x) { return Sleef_tanhf8_u10avx(x); }
  static batch erf(batch x) { return Sleef_erff8_u10avx(x); }
#elif defined(__SSE4_1__)
  static batch exp(batch x) { return Sleef_expf4_u10sse4(x); }
  static batch tanh(batch x) { return Sleef_tanhf4_u10sse4(x); }
  static batch erf(batch x) { return Sleef_erff4_u10sse4(x); }
#elif defined(__SSE2__)
  static batch exp(batch x) { return Sleef_expf4_u10sse2(x); }
  static batch tanh(batch x) { return Sleef_tanhf4_u10sse2(x); }
  static batch erf(batch x) { return Sleef_erff4_u10sse2(x); }
#else
  static batch exp(batch x) { return Sleef_expf4_u10advsimd(x); }
  static batch tanh(batch x) { return Sleef_tanhf4_u10advsimd(x); }
  static batch erf(batch x) { return Sleef_erff4_u10advsimd(x); }
#endif
};

const std::string version = std::to_string(SLEEF_VERSION_MAJOR) + "." + std::to_string(SLEEF_VERSION_MINOR) + "." +
                            std::to_string(SLEEF_VERSION_PATCHLEVEL);

[[maybe_unused]] const bench::peer sleef =
    bench::peer("sleef", version)
        .add("sigmoid", bench::each_batch([](batch x) { return 1 / (1 + functions::exp(-x)); }))
        .add("tanh", bench::each_batch([](batch x) { return functions::tanh(x); }))
        .add("silu", bench::each_batch([](batch x) { return x / (1 + functions::exp(-x)); }))
        .add("gelu", bench::each_batch([](batch x) { return 0.5f * x * (1 + functions::erf(x * 0.70710678f)); }))
        .add("gelu_tanh", bench::each_batch([](batch x) {
               return 0.5f * x * (1 + functions::tanh(0.79788456f * (x + 0.044715f * x * x * x)));
             }));

} // namespace
