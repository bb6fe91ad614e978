// One program for every CPU: a fused kernel of its own, compiled once per instruction set, of which the best is taken.

#include "every_cpu_kernels.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

int main() {
  const std::vector<float> x{-2.0f, -0.5f, 0.0f, 1.0f, 3.0f}, bias(5, 0.5f);
  std::vector<float> y(5);
  const auto kernel = XACT_PICK(silu_of_sum);
  kernel(x, bias, y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float sum = x[i] + bias[i];
    if (std::abs(y[i] - sum / (1 + std::exp(-sum))) > 1e-6f) {
      std::printf("silu(%g) is not %g\n", static_cast<double>(sum), static_cast<double>(y[i]));
      return 1;
    }
  }
  std::printf("silu(x + bias) of %zu elements, the last %.7f\n", y.size(), static_cast<double>(y.back()));
}
