#pragma once
// The softmax family in every type and tier, as run-time functions of double: what they compute is compiled once, in
// rows.cpp. Each check returns what it found, "" when all is well.

#include "../reference/softmax.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>
#include <xact/softmax_options.hpp>

enum class row_operation { softmax, log_softmax, logsumexp };
inline constexpr row_operation row_operations[] = {row_operation::softmax, row_operation::log_softmax,
                                                   row_operation::logsumexp};

struct row_form {
  std::size_t columns = 0; // 0: one row, as ranges
  std::size_t stride = 0;  // 0: columns
  bool in_place = false;
  std::size_t skew = 0; // elements from the start of a block of memory to the row
};

/// A tier and a pair of element types. Inputs are numbers of the input's type (`round`).
struct row_subject {
  const char *name;
  double limit;     // ULP of an element
  double lse_limit; // ULP of the larger of the result and the largest logit
  reference::binary_format format;
  bool one_type;
  std::function<double(double)> round;
  std::function<std::vector<double>(row_operation, std::span<const double>, const xact::softmax_options &, row_form)>
      call;
  /// The same by a softmax_state: pieces [cut[i], cut[i + 1]) in a random order, spread over three states.
  std::function<std::vector<double>(row_operation, std::span<const double>, const xact::softmax_options &,
                                    std::span<const std::size_t> cuts, unsigned seed)>
      by_state;
};
const std::vector<row_subject> &row_subjects();

/// The logits that options make of a row, without what they hide. Masks are given as doubles.
std::vector<reference::dd> logits_of(std::span<const double> row, double scale, double softcap = 0,
                                     std::span<const double> mask = {}, double mask_scale = 1);

/// Rows that are hard in their own ways, of a size: N(0, 3), N(0, 20), constant, one peak, one 0 among -27.9, a flat
/// top with -inf, and rows about numbers where ways to compute a term meet.
std::vector<std::vector<double>> kinds_of_row(std::size_t columns, std::function<double(double)> round);

/// At most the subject's limit in every element, where the logits are these.
std::string within_limit(const row_subject &f, row_operation op, const std::vector<double> &got,
                         std::span<const reference::dd> logits, std::span<const reference::dd> and_sink = {});
