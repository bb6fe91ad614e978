#include "activations.hpp"

#include <xact/xact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace report {
namespace {

/// f(gate, up, out) of a gated unit, else f(gate, out).
template <bool is_gated, class F, class In, class Out>
void call(const F &f, std::span<const In> gate, std::span<const In> up, std::span<Out> out) {
  if constexpr (is_gated) {
    f(gate, up, out);
  } else {
    f(gate, out);
  }
}

template <bool is_gated = false, class F>
activation made_of(const char *name, F, float (*textbook)(float gate, float up)) {
  const auto forward = []<class E>(std::span<const E> gate, std::span<const E> up, std::span<E> out,
                                   xact::census &written) { call<is_gated>(xact::watch(F(), written), gate, up, out); };
  const auto backward = [](floats gate, floats up, floats dy, std::span<float> d_gate, std::span<float> d_up) {
    if constexpr (is_gated) {
      xact::backward(F(), gate, up, dy, d_gate, d_up);
    } else {
      xact::backward(F(), gate, dy, d_gate);
    }
  };
  activation f{name, is_gated, forward, forward, forward, backward, nullptr, nullptr, nullptr, textbook};
  f.accurate = [](floats gate, floats up, std::span<float> out) { call<is_gated>(xact::accurate(F()), gate, up, out); };
  if constexpr (!is_gated) {
    f.exact = [](floats x, floats, std::span<float> y) { xact::exact(F())(x, y); };
  }
  f.in_double = [](std::span<const double> gate, std::span<const double> up, std::span<double> out) {
    call<is_gated>(F(), gate, up, out);
  };
  return f;
}

} // namespace

std::vector<activation> activations() {
  return {
      made_of("relu", xact::relu, [](float x, float) { return x > 0 ? x : 0.0f; }),
      made_of("leaky_relu", xact::leaky_relu, [](float x, float) { return x > 0 ? x : 0.01f * x; }),
      made_of("gelu", xact::gelu, [](float x, float) { return 0.5f * x * (1.0f + std::erf(x * 0.70710678f)); }),
      made_of("gelu_tanh", xact::gelu_tanh,
              [](float x, float) { return 0.5f * x * (1.0f + std::tanh(0.79788456f * (x + 0.044715f * x * x * x))); }),
      made_of("silu", xact::silu, [](float x, float) { return x / (1.0f + std::exp(-x)); }),
      made_of<true>("swiglu", xact::swiglu, [](float gate, float up) { return gate / (1.0f + std::exp(-gate)) * up; }),
  };
}

std::vector<error_curve> measure_errors() {
  constexpr std::size_t bins = 160, each = 32;
  std::vector<float> x(bins * each), y(x.size());
  const std::vector<float> up(x.size(), 1.0f);
  const std::vector<double> wide_up(x.size(), 1.0);
  std::vector<double> truth(x.size());

  std::vector<error_curve> curves;
  for (const activation &f : activations()) {
    const bool has_long_tail = f.name == std::string("silu") || f.is_gated; // below -88 e^-x is beyond float
    const double from = has_long_tail ? -110 : -18, to = has_long_tail ? 20 : 8;
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(from + (to - from) * (static_cast<double>(i) + 0.5) / static_cast<double>(x.size()));
    }
    f.in_double(std::vector<double>(x.begin(), x.end()), wide_up, truth);
    const auto add = [&](const char *method) {
      error_curve curve{f.name, method, {}};
      for (std::size_t bin = 0; bin < bins; ++bin) {
        double worst = 0;
        for (std::size_t i = bin * each; i < (bin + 1) * each; ++i) {
          const int exponent = truth[i] == 0 ? -126 : std::max(std::ilogb(truth[i]), -126);
          worst = std::max(worst, std::ldexp(std::abs(static_cast<double>(y[i]) - truth[i]), 23 - exponent));
        }
        const double middle = (static_cast<double>(bin) + 0.5) / bins;
        curve.points.push_back({from + (to - from) * middle, worst});
      }
      curves.push_back(curve);
    };
    xact::census written;
    f.in_float(x, up, y, written);
    add("plain");
    f.accurate(x, up, y);
    add("accurate");
    if (f.exact != nullptr) {
      f.exact(x, up, y);
      add("exact");
    }
    std::transform(x.begin(), x.end(), up.begin(), y.begin(), f.textbook);
    add("textbook");
  }
  return curves;
}

} // namespace report
