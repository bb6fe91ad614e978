// Eigen's array expressions, one thread.
#include "bench.hpp"

#include <Eigen/Core>
#include <cmath>
#include <unsupported/Eigen/SpecialFunctions>

namespace {

constexpr auto whole = [](auto f) {
  return [f](const float *in, float *out, std::size_t n) {
    const auto length = static_cast<Eigen::Index>(n);
    Eigen::Map<Eigen::ArrayXf>(out, length) = f(Eigen::Map<const Eigen::ArrayXf>(in, length));
  };
};

void softmax(const float *in, float *out, std::size_t n) {
  const Eigen::Map<const Eigen::ArrayXf> x(in, static_cast<Eigen::Index>(n));
  Eigen::Map<Eigen::ArrayXf> y(out, static_cast<Eigen::Index>(n));
  y = (x - x.maxCoeff()).exp();
  y *= 1 / y.sum();
}

void log_softmax(const float *in, float *out, std::size_t n) {
  const Eigen::Map<const Eigen::ArrayXf> x(in, static_cast<Eigen::Index>(n));
  const float maximum = x.maxCoeff();
  Eigen::Map<Eigen::ArrayXf>(out, static_cast<Eigen::Index>(n)) = x - (maximum + std::log((x - maximum).exp().sum()));
}

void swiglu(const float *in, float *out, std::size_t n) {
  const auto length = static_cast<Eigen::Index>(n);
  const Eigen::Map<const Eigen::ArrayXf> gate(in, length), up(in + n, length);
  Eigen::Map<Eigen::ArrayXf>(out, length) = gate * gate.logistic() * up;
}

const auto text = [](auto... numbers) { return ((std::to_string(numbers) + ".") + ...); };
#if EIGEN_MAJOR_VERSION >= 5 // counted from then on without the "world", which stays 3
const std::string version = text(EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION) + std::to_string(EIGEN_PATCH_VERSION);
#else
const std::string version = text(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION) + std::to_string(EIGEN_MINOR_VERSION);
#endif

// A lambda returns the expression, not its value: its parts are held by value, Map among them.
[[maybe_unused]] const bench::peer eigen =
    bench::peer("eigen", version)
        .add("relu", whole([](const auto &x) { return x.max(0.f); }))
        .add("sigmoid", whole([](const auto &x) { return x.logistic(); }))
        .add("tanh", whole([](const auto &x) { return x.tanh(); }))
        .add("silu", whole([](const auto &x) { return x * x.logistic(); }))
        .add("gelu", whole([](const auto &x) { return 0.5f * x * (1.f + (x * 0.70710678f).erf()); }))
        .add("gelu_tanh",
             whole([](const auto &x) { return 0.5f * x * (1.f + (0.79788456f * (x + 0.044715f * x * x * x)).tanh()); }))
        .add("swiglu", swiglu)
        .add_rows("softmax", softmax)
        .add_rows("log_softmax", log_softmax);

} // namespace
