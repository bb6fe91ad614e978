// The same formulas over xsimd's own exp, tanh and erf.
#include "bench.hpp"

namespace {

using batch = xsimd::batch<float>;

const std::string version = std::to_string(XSIMD_VERSION_MAJOR) + "." + std::to_string(XSIMD_VERSION_MINOR) + "." +
                            std::to_string(XSIMD_VERSION_PATCH);

[[maybe_unused]] const bench::peer xsimd_own =
    bench::peer("xsimd", version)
        .add("relu", bench::each_batch([](batch x) { return xsimd::max(x, batch(0.f)); }))
        .add("sigmoid", bench::each_batch([](batch x) { return 1 / (1 + xsimd::exp(-x)); }))
        .add("tanh", bench::each_batch([](batch x) { return xsimd::tanh(x); }))
        .add("silu", bench::each_batch([](batch x) { return x / (1 + xsimd::exp(-x)); }))
        .add("gelu", bench::each_batch([](batch x) { return 0.5f * x * (1 + xsimd::erf(x * 0.70710678f)); }))
        .add("gelu_tanh", bench::each_batch([](batch x) {
               return 0.5f * x * (1 + xsimd::tanh(0.79788456f * (x + 0.044715f * x * x * x)));
             }));

} // namespace
