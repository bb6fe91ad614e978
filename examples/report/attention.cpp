#include "attention.hpp"

#include <xact/xact.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>

namespace report {
namespace {

constexpr std::size_t width = 8; ///< of the values

template <class T> void throughout(const std::vector<T> &x, std::vector<T> &p) {
  T sum = 0.0f;
  for (std::size_t i = 0; i < x.size(); ++i) {
    p[i] = T(std::exp(static_cast<float>(x[i])));
    sum = T(static_cast<float>(sum) + static_cast<float>(p[i]));
  }
  for (T &e : p) {
    e = T(static_cast<float>(e) / static_cast<float>(sum));
  }
}

template <class T> void via_float(const std::vector<T> &x, std::vector<T> &p) {
  float largest = -std::numeric_limits<float>::infinity();
  for (const T e : x) {
    largest = std::max(largest, static_cast<float>(e));
  }
  float sum = 0;
  for (const T e : x) {
    sum += std::exp(static_cast<float>(e) - largest);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    p[i] = T(std::exp(static_cast<float>(x[i]) - largest) / sum);
  }
}

template <class T> void by_xact(const std::vector<T> &x, std::vector<T> &p) { xact::softmax(x, p); }

template <class T> constexpr double smallest_normal = 0;
template <> constexpr double smallest_normal<float> = 0x1p-126;
template <> constexpr double smallest_normal<xact::bfloat16> = 0x1p-126;
template <> constexpr double smallest_normal<xact::float16> = 0x1p-14;

template <class T> void measure_type(const char *type, std::size_t columns, std::vector<attention_result> &results) {
  // Scores of a head in which some keys stand out: N(0, 3). Those of 1K columns are the first of those of 1M.
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0.0f, 3.0f);
  std::vector<T> scores(columns);
  for (T &x : scores) {
    x = T(normal(random));
  }
  std::vector<double> wide(columns), truth(columns);
  xact::linear(scores, wide);
  xact::softmax(wide, truth);

  using method = void (*)(const std::vector<T> &, std::vector<T> &);
  const std::pair<const char *, method> methods[] = {
      {"throughout", throughout<T>}, {"via float", via_float<T>}, {"xact", by_xact<T>}};
  std::vector<T> p(columns);
  for (const auto &[name, softmax] : methods) {
    using clock = std::chrono::steady_clock;
    double seconds = std::numeric_limits<double>::infinity();
    for (double spent = 0, repetition = 0; repetition < 2 || (repetition < 20 && spent < 0.005); ++repetition) {
      const auto start = clock::now();
      softmax(scores, p);
      seconds = std::min(seconds, std::chrono::duration<double>(clock::now() - start).count());
      spent += seconds;
    }
    attention_result r{type, name, columns};
    r.nanoseconds = 1e9 * seconds / static_cast<double>(columns);

    double sum = 0;
    std::vector<float> next(width);
    for (std::size_t i = 0; i < columns; ++i) {
      const auto q = static_cast<double>(static_cast<float>(p[i]));
      sum += q;
      if (!(truth[i] < smallest_normal<T>)) {
        r.error =
            std::max(r.error, std::isnan(q) ? std::numeric_limits<double>::infinity() : std::abs(q / truth[i] - 1));
      }
      for (std::size_t k = 0; k < width; ++k) {
        next[k] += static_cast<float>(q) * static_cast<float>((i + k) % 7);
      }
    }
    r.lost = 1 - sum;
    r.nan_rate = xact::inspect(next).nan_rate();
    const xact::census c = xact::inspect(p);
    r.vanished = static_cast<double>(c.zero) / static_cast<double>(columns);
    results.push_back(r);
  }
}

} // namespace

std::vector<attention_result> measure_attention(std::size_t most_columns) {
  std::vector<attention_result> results;
  for (std::size_t columns = 1024; columns <= most_columns; columns *= 4) {
    measure_type<float>("float", columns, results);
    measure_type<xact::bfloat16>("bfloat16", columns, results);
    measure_type<xact::float16>("float16", columns, results);
  }
  return results;
}

} // namespace report
