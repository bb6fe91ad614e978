// Eigen's array expressions, one thread.
#include "bench.hpp"

#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>

namespace {

constexpr auto whole = [](auto f) {
  return [f](const float *in, float *out, std::size_t n) {
    const auto length = static_cast<Eigen::Index>(n);
    Eigen::Map<Eigen::ArrayXf>(out, length) = f(Eigen::Map<const Eigen::ArrayXf>(in, length));
  };
};

const std::string version = std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                            std::to_string(EIGEN_MINOR_VERSION);

// A lambda returns the expression, not its value: its parts are held by value, Map among them.
[[maybe_unused]] const bench::peer eigen =
    bench::peer("eigen", version)
        .add("relu", whole([](const auto &x) { return x.max(0.f); }))
        .add("sigmoid", whole([](const auto &x) { return x.logistic(); }))
        .add("tanh", whole([](const auto &x) { return x.tanh(); }))
        .add("silu", whole([](const auto &x) { return x * x.logistic(); }))
        .add("gelu", whole([](const auto &x) { return 0.5f * x * (1.f + (x * 0.70710678f).erf()); }))
        .add("gelu_tanh", whole([](const auto &x) {
               return 0.5f * x * (1.f + (0.79788456f * (x + 0.044715f * x * x * x)).tanh());
             }));

} // namespace
