#include <xact/dispatch.hpp>

#include <cstdio>
#include <vector>

namespace {
const float before_main = xact::dispatch::gelu(0.0f); // chosen here already
}

int main() {
  std::vector<float> x{-1.0f, 0.0f, 2.0f}, y(3);
  xact::dispatch::gelu(x, y);
  const float gelu_of_2 = y[2];
  xact::dispatch::softmax(x, y, {.scale = 0.5});
  xact::dispatch::leaky_relu_t{.negative_slope = 0.25}(x);
  std::printf("%s: %.8g %.8g %g\n", xact::dispatch::isa().data(), static_cast<double>(gelu_of_2),
              static_cast<double>(y[2]), static_cast<double>(x[0]));
  return before_main == 0.0f && gelu_of_2 > 1.9544f && gelu_of_2 < 1.9546f && x[0] == -0.25f ? 0 : 1;
}
