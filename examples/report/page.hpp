// The report as a page of HTML that needs nothing else, as Markdown, as CSV, and as the small picture of the README.
#pragma once

#include "activations.hpp"
#include "attention.hpp"
#include "gate.hpp"
#include "run.hpp"

#include <string>
#include <vector>

namespace report {

struct contents {
  comparison compared; ///< of one run: its float runs, and itself
  bool is_gated = false;
  std::vector<finding> findings;
  const run *scores = nullptr; ///< none for tensors
  std::vector<error_curve> errors;
  std::vector<attention_result> attention;
  std::vector<std::string> facts; ///< where it was made
};

std::string as_html(const contents &);
std::string as_markdown(const contents &);
std::string as_csv(const contents &);      ///< a line a cohort
std::string rows_as_csv(const contents &); ///< a line a row of a cohort
std::string as_picture(const contents &);

/// "3 cohorts broke: ..." or what there is to say instead.
std::string verdict(const contents &);

} // namespace report
