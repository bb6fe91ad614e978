// Softmax of attention scores over rows of 1K to 1M columns: by element type, and by how it is written.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace report {

struct attention_result {
  std::string type, method;
  std::size_t columns = 0;
  double lost = 0;        ///< 1 - the sum of the probabilities; NaN where they are
  double nan_rate = 0;    ///< of the next layer, which is the probabilities times the values
  double error = 0;       ///< the largest relative error of a probability that the type can hold as a normal number
  double vanished = 0;    ///< share of probabilities that are 0
  double nanoseconds = 0; ///< a column
};

/// Types float, bfloat16 and float16; methods "throughout" (e^x / sum e^x, every step rounded to the type), "via float"
/// (e^(x - max) / sum in float, the result rounded) and "xact".
std::vector<attention_result> measure_attention(std::size_t most_columns);

} // namespace report
