// Activations that xact has no name for, as it takes one call to write each: CReLU, ONNX's Hardmax, Keras's relu of
// three parameters, NeuralAmpModeler's leaky hard tanh, and SoLU.

#include <xact/xact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

int main() {
  const std::vector<float> x = {-3.0f, -1.5f, -0.5f, 0.0f, 0.25f, 0.75f, 2.0f, 9.0f, 2.5f};
  std::vector<float> y(x.size()), z(x.size());
  bool good = true;
  const auto compare = [&](const char *name, const std::vector<float> &results, auto expected) {
    std::printf("%s:", name);
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::printf(" %g", static_cast<double>(results[i]));
      good = good && std::abs(results[i] - expected(x[i])) <= 1e-6f * std::abs(expected(x[i]));
    }
    std::puts("");
  };

  // CReLU (Shang et al. 2016): relu of x and of -x, here into two halves.
  xact::transform([](auto v) { return std::pair(xact::relu(v), xact::relu(-v)); }, x, xact::outputs(y, z));
  compare("crelu, first half", y, [](float v) { return v > 0 ? v : 0; });
  compare("crelu, second half", z, [](float v) { return v < 0 ? -v : 0; });

  // Hardmax: 1 at the row's first largest element. It needs no arithmetic at all.
  std::ranges::fill(y, 0.0f);
  y[static_cast<std::size_t>(std::ranges::max_element(x) - x.begin())] = 1;
  compare("hardmax", y, [](float v) { return v == 9 ? 1.0f : 0.0f; });

  // keras.activations.relu(x, negative_slope=0.1, max_value=6, threshold=0.5)
  xact::transform(
      []<class V>(const V &v) { return select(v < V(0.5f), V(0.1f) * (v - V(0.5f)), select(v < V(6), v, V(6))); }, x,
      y);
  compare("keras relu", y, [](float v) { return v >= 6 ? 6 : v >= 0.5f ? v : 0.1f * (v - 0.5f); });

  // NeuralAmpModeler's LeakyHardtanh: hard_tanh, and a hundredth of what it cuts off.
  xact::transform([](auto v) { return xact::hard_tanh(v) + 0.01f * (v - xact::hard_tanh(v)); }, x, y);
  compare("leaky hard tanh", y, [](float v) {
    return v < -1 ? -1 + 0.01f * (v + 1) : v > 1 ? 1 + 0.01f * (v - 1) : v;
  });

  // SoLU (Elhage et al. 2022): x * softmax(x).
  xact::softmax(x, z);
  xact::transform([](auto v, auto p) { return v * p; }, x, z, y);
  double sum = 0;
  for (const float v : x) {
    sum += std::exp(static_cast<double>(v));
  }
  compare("solu", y, [sum](float v) { return static_cast<float>(v * std::exp(static_cast<double>(v)) / sum); });

  return good ? 0 : 1;
}
