// Softmax over each row of a matrix, and what it does with hard rows: huge logits, masked ones, a NaN.

#include <xact/xact.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <vector>

int main() {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr std::size_t columns = 4;
  const std::vector<float> logits = {
      1.0f,  1.0f,      1.0f,   1.0f,      // equal: a quarter each
      3e38f, 3e38f,     -3e38f, 0.0f,      // huge: no overflow
      0.0f,  -infinity, 0.0f,   -infinity, // masked: exactly 0 there
      0.0f,  nan,       0.0f,   0.0f,      // a NaN: this row only
  };
  const std::vector<float> expected = {0.25f, 0.25f, 0.25f, 0.25f, 0.5f, 0.5f, 0.0f, 0.0f,
                                       0.5f,  0.0f,  0.5f,  0.0f,  nan,  nan,  nan,  nan};

  std::vector<float> probabilities(logits.size());
  xact::softmax(xact::rows(logits, columns), xact::rows(probabilities, columns));

  bool good = true;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    const float p = probabilities[k];
    std::printf("%8g%c", static_cast<double>(p), (k + 1) % columns == 0 ? '\n' : ' ');
    good = good && (p == expected[k] || (std::isnan(p) && std::isnan(expected[k])));
  }
  return good ? 0 : 1;
}
