// One dense layer, y = gelu(W x + b), with the activation applied in place.

#include <xact/xact.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <vector>

int main() {
  const std::vector<float> x = {1.0f, -2.0f, 0.5f};
  const std::vector<float> weights = {0.5f, -1.0f, 2.0f, -3.0f, 4.0f, 1.0f}; // two rows of three
  std::vector<float> y = {0.25f, -1.0f};                                     // starts as the bias

  for (std::size_t row = 0; row < y.size(); ++row) {
    for (std::size_t column = 0; column < x.size(); ++column) {
      y[row] += weights[row * x.size() + column] * x[column];
    }
  }
  xact::gelu(y); // y was (3.75, -11.5)

  // x * Phi(x), in double. At -11.5 other libraries return 0 or noise; the true value is about -7.5e-30.
  const auto gelu = [](double v) { return 0.5 * v * std::erfc(-v / std::sqrt(2.0)); };
  bool good = true;
  for (std::size_t row = 0; row < y.size(); ++row) {
    const double before = row == 0 ? 3.75 : -11.5;
    const double error = std::abs(static_cast<double>(y[row]) / gelu(before) - 1);
    std::printf("gelu(%g) = %.9g, relative error %.1e\n", before, static_cast<double>(y[row]), error);
    good = good && error < 0x1p-23; // one ULP
  }
  return good ? 0 : 1;
}
