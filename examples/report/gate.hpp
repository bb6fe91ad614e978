// The gate: two runs, or two of the user's tensors, row by row; what passes a threshold is named with its rows.
#pragma once

#include "run.hpp"

#include <xact/compare.hpp>
#include <xact/inspect.hpp>

#include <limits>
#include <string>
#include <vector>

namespace report {

/// Each holds for every cohort.
struct limits {
  double max_drop = std::numeric_limits<double>::infinity();
  double max_nan_rate = std::numeric_limits<double>::infinity();
  double min_cosine = -std::numeric_limits<double>::infinity();
  double max_p99_ratio = std::numeric_limits<double>::infinity();
};

/// One row before and after.
struct row_pair {
  std::size_t sample;
  std::size_t before, after; ///< the class it is taken for
  bool was_right, is_right;  ///< of tensors, what the reference says is right
  xact::drift hidden;        ///< of tensors, the row
  bool lost_nan;             ///< a NaN in the input came out before, and now a number does
  xact::census numbers;      ///< of after
  double ratio;              ///< of times
};

struct cohort_pair {
  std::string activation, precision;
  std::vector<row_pair> rows;
  metrics before, after;

  std::string name() const { return activation.empty() ? precision : activation + " " + precision; }
};

struct finding {
  std::size_t cohort; ///< index of the pair
  std::string measure, text;
  std::vector<std::size_t> rows; ///< indices of samples
};

struct comparison {
  std::string before, after; ///< where they come from
  const char *measure;       ///< what `accuracy` is: that, or of tensors the agreement of the largest element
  std::vector<sample> samples;
  std::vector<cohort_pair> cohorts;
  std::vector<std::string> notes;
};

/// Throws broken_file where they are not runs of the same rows.
comparison compare_runs(const std::string &before_name, const run &before, const std::string &after_name,
                        const run &after);

/// Two arrays of the same shape, and for each row its cohort: a line of a CSV file whose columns say what it belongs
/// to. Throws broken_file.
comparison compare_tensors(const std::string &reference, const std::string &candidate, const std::string &cohorts);

std::vector<finding> judge(const comparison &, const limits &);

/// As "17 (7 to 1), 45 (3 to NaN)".
std::string names_of(const comparison &, const cohort_pair &, const std::vector<std::size_t> &rows);

} // namespace report
