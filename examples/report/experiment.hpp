// The experiment: a network for each activation, everything else equal, and its scores at each precision.
#pragma once

#include "data.hpp"
#include "progress.hpp"
#include "run.hpp"

#include <string>
#include <vector>

namespace report {

inline constexpr const char *precisions[] = {"float", "bfloat16",       "float16",      "float8_e4m3",
                                             "int8",  "int4 (channel)", "int4 (tensor)"};

/// Faults that can be planted, to see the gate catch them (--plant).
inline constexpr const char *faults[] = {"nan_to_zero", "float16_softmax", "int4_scale", "gelu_tanh", "cohort"};

/// What the terminal's table has of one activation.
struct training_result {
  std::string activation;
  double accuracy, loss, milliseconds, nan_rate;
};

struct experiment {
  run scores;
  std::vector<training_result> training;
};

/// @param threads share the activations; the scores have the same bits for any number
/// @param fault   one of `faults`, or none
experiment experiment_on(const std::string &name, const dataset &data, std::size_t threads, const std::string &fault);

} // namespace report
