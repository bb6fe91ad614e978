#include <xact/xact.hpp>

#include <limits>
#include <vector>

int main() {
  std::vector<float> values = {-std::numeric_limits<float>::infinity(), -1.0f, 0.0f, 1.0f};
  xact::relu(values);
  return values == std::vector{0.0f, 0.0f, 0.0f, 1.0f} && xact::sigmoid(0.0f) == 0.5f ? 0 : 1;
}
