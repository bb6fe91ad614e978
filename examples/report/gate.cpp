#include "gate.hpp"
#include "files.hpp"
#include "npy.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <map>
#include <type_traits>
#include <utility>

namespace report {
namespace {

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, std::abs(x) > 0.99 && std::abs(x) < 1 ? "%.12g" : "%.4g", x);
  return text;
}

constexpr auto as_double = [](auto x) {
  if constexpr (std::is_arithmetic_v<decltype(x)>) {
    return static_cast<double>(x);
  } else {
    return static_cast<double>(static_cast<float>(x));
  }
};

/// The first of the largest; of a row with a NaN none.
template <class E> std::size_t largest_of(std::span<const E> row) {
  std::size_t best = no_class;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (std::isnan(as_double(row[i]))) {
      return no_class;
    }
    best = best == no_class || as_double(row[best]) < as_double(row[i]) ? i : best;
  }
  return best;
}

/// A line of the cohorts' file: its first column is the group, the rest the name.
std::pair<std::string, std::string> cohort_of(std::string line) {
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  const auto comma = line.find(',');
  if (comma == std::string::npos) {
    return {"", line};
  }
  std::string rest = line.substr(comma + 1);
  std::replace(rest.begin(), rest.end(), ',', ' ');
  return {line.substr(0, comma), rest};
}

std::vector<std::pair<std::string, std::string>> cohorts_of_rows(const std::string &path, std::size_t rows) {
  if (path.empty()) {
    return std::vector<std::pair<std::string, std::string>>(rows, {"", "all rows"});
  }
  const std::string text = whole_file(path);
  std::vector<std::string> lines;
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
    const auto own = static_cast<std::size_t>(std::count(lines.back().begin(), lines.back().end(), ',')) + 1;
    columns = lines.size() == 1 ? own : columns;
    if (own != columns || lines.back().find_first_not_of(", \r") == std::string::npos) {
      throw broken_file(path + ":" + std::to_string(lines.size()) + ": column " +
                        std::to_string(std::min(own, columns)) + ": expected " + std::to_string(columns) +
                        " names, as in line 1, and there are " + std::to_string(own));
    }
  }
  if (lines.size() != rows && lines.size() != rows + 1) {
    throw broken_file(path + ":" + std::to_string(lines.size()) + ": column 1: expected " + std::to_string(rows) +
                      " lines, one a row, or one more with a header, and there are " + std::to_string(lines.size()));
  }
  std::vector<std::pair<std::string, std::string>> cohorts;
  for (std::size_t i = lines.size() - rows; i < lines.size(); ++i) {
    cohorts.push_back(cohort_of(lines[i]));
  }
  return cohorts;
}

} // namespace

comparison compare_runs(const std::string &before_name, const run &before, const std::string &after_name,
                        const run &after) {
  const auto fail = [&](const std::string &what) {
    throw broken_file(after_name + ": expected " + what + ", as in " + before_name);
  };
  if (before.samples.size() != after.samples.size()) {
    fail(std::to_string(before.samples.size()) + " rows");
  }
  for (std::size_t i = 0; i < before.samples.size(); ++i) {
    const sample &a = before.samples[i], &b = after.samples[i];
    if (a.place != b.place || a.label != b.label) {
      fail("row " + std::to_string(a.place) + " with label " + std::to_string(a.label) + " at place " +
           std::to_string(i));
    }
  }
  if (before.cohorts.size() != after.cohorts.size()) {
    fail(std::to_string(before.cohorts.size()) + " cohorts");
  }

  comparison c{before_name, after_name, "accuracy", after.samples, {}, {}};
  std::size_t retrained = 0;
  for (std::size_t k = 0; k < before.cohorts.size(); ++k) {
    const cohort &a = before.cohorts[k], &b = after.cohorts[k];
    if (a.name() != b.name()) {
      fail("the cohort " + a.name());
    }
    retrained += a.model != b.model ? 1 : 0;
    cohort_pair pair{b.activation, b.precision, {}, measure(before, a), measure(after, b)};
    for (std::size_t i = 0; i < a.rows.size(); ++i) {
      const row_score &x = a.rows[i], &y = b.rows[i];
      if (x.hidden.size() != y.hidden.size() || x.probabilities.size() != y.probabilities.size()) {
        fail(std::to_string(x.probabilities.size()) + " classes and a hidden layer of " +
             std::to_string(x.hidden.size()));
      }
      const std::size_t label = c.samples[i].label;
      row_pair row{i,
                   x.predicted,
                   y.predicted,
                   x.predicted == label,
                   y.predicted == label,
                   xact::compare(x.hidden, y.hidden),
                   false,
                   xact::inspect(y.hidden),
                   y.nanoseconds / x.nanoseconds};
      row.numbers.merge(xact::inspect(y.probabilities));
      row.lost_nan = c.samples[i].has_nan && x.predicted == no_class && y.predicted != no_class;
      pair.rows.push_back(row);
    }
    c.cohorts.push_back(std::move(pair));
  }
  if (retrained != 0) {
    c.notes.push_back("other weights in " + std::to_string(retrained) + " cohorts");
  }
  if (before.isa != after.isa) {
    c.notes.push_back("before on " + before.isa + ", after on " + after.isa);
  }
  if (before.compiler != after.compiler) {
    c.notes.push_back("before by " + before.compiler + ", after by " + after.compiler);
  }
  return c;
}

comparison compare_tensors(const std::string &reference, const std::string &candidate, const std::string &cohorts) {
  const npy a = read_npy(reference), b = read_npy(candidate);
  if (a.rows != b.rows || a.columns != b.columns) {
    throw broken_file(candidate + ": expected " + std::to_string(a.rows) + " x " + std::to_string(a.columns) +
                      " numbers, as in " + reference + ", and there are " + std::to_string(b.rows) + " x " +
                      std::to_string(b.columns));
  }
  comparison c{reference, candidate, "agreement", {}, {}, {}};
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::vector<std::size_t> cohort_of_row;
  for (const auto &name : cohorts_of_rows(cohorts, a.rows)) {
    const auto [place, is_new] = places.try_emplace(name, c.cohorts.size());
    if (is_new) {
      c.cohorts.push_back({name.first, name.second, {}, {}, {}});
    }
    cohort_of_row.push_back(place->second);
  }

  std::vector<xact::drift> drifts(c.cohorts.size());
  const auto compare = [&](const auto &before, const auto &after) {
    const std::size_t n = a.columns;
    for (std::size_t r = 0; r < a.rows; ++r) {
      const auto x = std::span(before).subspan(r * n, n);
      const auto y = std::span(after).subspan(r * n, n);
      const xact::drift d = xact::compare(xact::rows(x, n), xact::rows(y, n), std::min<std::size_t>(3, n), r * n);
      const std::size_t was = largest_of(x), is = largest_of(y);
      c.samples.push_back({r, was, {}, false});
      c.cohorts[cohort_of_row[r]].rows.push_back(
          {r, was, is, true, was == is, d, was == no_class && is != no_class, xact::inspect(y), unknown});
      drifts[cohort_of_row[r]].merge(d);
    }
  };
  std::vector<double> exact; // all of the types are numbers of double
  std::visit(
      [&](const auto &values) { std::transform(values.begin(), values.end(), std::back_inserter(exact), as_double); },
      a.values);
  std::visit([&](const auto &values) { compare(exact, values); }, b.values);

  for (std::size_t k = 0; k < c.cohorts.size(); ++k) {
    cohort_pair &pair = c.cohorts[k];
    xact::census numbers;
    std::size_t right = 0;
    for (const row_pair &row : pair.rows) {
      numbers.merge(row.numbers);
      right += row.is_right ? 1 : 0;
    }
    pair.before.accuracy = 1;
    pair.before.rows = pair.after.rows = pair.rows.size();
    pair.after.accuracy = static_cast<double>(right) / static_cast<double>(pair.rows.size());
    pair.after.agreement = drifts[k].top_1_agreement();
    pair.after.recall = drifts[k].recall();
    pair.after.cosine = drifts[k].cosine();
    pair.after.divergence = drifts[k].kl_divergence();
    pair.after.nan_rate = numbers.nan_rate();
    pair.after.saturated = numbers.saturation();
    pair.after.max_error = drifts[k].max_error;
  }
  return c;
}

std::vector<finding> judge(const comparison &c, const limits &limit) {
  std::vector<finding> findings;
  for (std::size_t k = 0; k < c.cohorts.size(); ++k) {
    const cohort_pair &pair = c.cohorts[k];
    const auto find = [&](const char *measure, const std::string &text, const auto &is_meant) {
      std::vector<std::size_t> rows;
      for (const row_pair &row : pair.rows) {
        if (is_meant(row)) {
          rows.push_back(row.sample);
        }
      }
      findings.push_back({k, measure, text, rows});
    };
    const auto is_lost = [](const row_pair &row) { return row.lost_nan; };
    if (std::any_of(pair.rows.begin(), pair.rows.end(), is_lost)) {
      find("NaN lost", "rows that were NaN have become numbers", is_lost);
    }
    if (!(pair.after.nan_rate <= limit.max_nan_rate)) {
      find("NaN", "NaN rate " + number(pair.after.nan_rate) + ", more than " + number(limit.max_nan_rate),
           [](const row_pair &row) { return row.numbers.nan != 0; });
    }
    const double drop = pair.before.accuracy - pair.after.accuracy;
    if (drop > limit.max_drop) {
      find("drop", std::string(c.measure) + " dropped by " + number(drop) + ", more than " + number(limit.max_drop),
           [](const row_pair &row) { return row.was_right && !row.is_right; });
    }
    xact::drift all;
    for (const row_pair &row : pair.rows) {
      all.merge(row.hidden);
    }
    const auto is_turned = [&](const xact::drift &d) { // what is the same has a cosine of 1, NaN or not
      return (d.max_error != 0 || d.nan_mismatches != 0 || d.infinity_mismatches != 0) &&
             !(d.cosine() >= limit.min_cosine);
    };
    if (std::isfinite(limit.min_cosine) && is_turned(all)) {
      find("cosine", "cosine " + number(all.cosine()) + ", less than " + number(limit.min_cosine),
           [&](const row_pair &row) { return is_turned(row.hidden); });
    }
    const double ratio = pair.after.p99 / pair.before.p99;
    if (ratio > limit.max_p99_ratio) {
      find("p99", "p99 latency " + number(ratio) + " times that before, more than " + number(limit.max_p99_ratio),
           [&](const row_pair &row) { return row.ratio > limit.max_p99_ratio; });
    }
  }
  return findings;
}

std::string names_of(const comparison &c, const cohort_pair &pair, const std::vector<std::size_t> &rows) {
  const auto class_name = [](std::size_t x) { return x == no_class ? std::string("NaN") : std::to_string(x); };
  std::string text;
  for (const row_pair &row : pair.rows) {
    if (!std::binary_search(rows.begin(), rows.end(), row.sample)) {
      continue;
    }
    text += (text.empty() ? "" : ", ") + std::to_string(c.samples[row.sample].place);
    if (row.before != row.after) {
      text += " (" + class_name(row.before) + " to " + class_name(row.after) + ")";
    }
  }
  return text;
}

} // namespace report
