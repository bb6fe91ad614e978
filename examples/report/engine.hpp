// A trained network as it would be deployed: at one precision, a row at a time.
#pragma once

#include "network.hpp"

#include <memory>
#include <string>
#include <vector>

namespace report {

/// What one row comes to.
struct outcome {
  std::vector<float> hidden, probabilities;
  std::size_t quantized = 0, saturated = 0;
};

class engine {
public:
  virtual ~engine() = default;
  virtual void run(floats row, outcome &) = 0;
};

/// @param training what flows through the network of the training rows: quantized types are calibrated on it, on
///                 nothing else
/// @param fault    one of `faults`, or none
std::unique_ptr<engine> deploy(const network &, const std::string &precision, const layers &training,
                               const std::string &fault);

} // namespace report
