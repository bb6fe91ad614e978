// What a run leaves: for each cohort (an activation at a precision) the score of every row that was held out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace report {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::size_t no_class = static_cast<std::size_t>(-1); ///< what a row of NaN is taken for

struct row_score {
  std::size_t sample = 0; ///< index of it
  std::size_t predicted = no_class;
  std::vector<float> hidden, probabilities;
  double retrieval = unknown; ///< of the nearest training rows by the float run's hidden layer: how many are found
  double saturated = 0;       ///< share of quantized numbers that do not fit
  double nanoseconds = unknown;
};

struct cohort {
  std::string activation, precision;
  std::uint64_t model = 0; ///< a hash of the weights
  std::vector<row_score> rows;

  std::string name() const { return activation.empty() ? precision : activation + " " + precision; }
};

/// A row of the user's: its place in the file from 0, its label, and its pixels from 0 to 255 (empty: unknown).
struct sample {
  std::size_t place = 0, label = 0;
  std::vector<std::uint8_t> pixels;
  bool has_nan = false;
};

struct run {
  std::string data, isa, compiler;
  std::uint64_t seed = 0;
  std::vector<sample> samples;
  std::vector<cohort> cohorts;

  /// The float run of the same activation.
  const cohort &reference_of(const cohort &c) const {
    for (const cohort &other : cohorts) {
      if (other.activation == c.activation && other.precision == "float") {
        return other;
      }
    }
    return c;
  }
};

/// Of a cohort. What is not known is NaN.
struct metrics {
  std::size_t rows = 0;
  double accuracy = unknown;   ///< against the labels
  double agreement = unknown;  ///< of the most probable class with the float run's
  double recall = unknown;     ///< of the float run's three most probable classes
  double cosine = unknown;     ///< of the hidden layer with the float run's
  double retrieval = unknown;  ///< of the nearest training rows by the hidden layer
  double divergence = unknown; ///< of the probabilities from the float run's, in nats
  double nan_rate = unknown, saturated = unknown;
  double max_error = unknown;          ///< of the hidden layer from the float run's
  double p50 = unknown, p99 = unknown; ///< nanoseconds a row
};

metrics measure(const run &from, const cohort &of);
double percentile(std::vector<double> values, double share);

/// JSON, a row of a cohort a line; numbers of the network as the hexadecimal digits of their bits, so that NaN and
/// infinities survive.
std::string to_json(const run &);
/// Throws broken_file with the byte or the place in the document, and what was expected there.
run read_run(const std::string &path);

} // namespace report
