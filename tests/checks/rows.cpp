#include "rows.hpp"

#include "../values.hpp"

template <class T> std::vector<std::vector<T>> kinds_of_row(std::size_t columns) {
  std::mt19937_64 random(columns);
  const auto filled = [&](auto &&element) {
    std::vector<T> row(columns);
    for (T &x : row)
      x = static_cast<T>(element());
    return row;
  };
  std::normal_distribution<double> normal;
  std::vector<std::vector<T>> rows = {
      filled([&] { return 3 * normal(random); }),
      filled([&] { return 20 * normal(random); }),
      filled([] { return 1.7; }),
      filled([&] { return normal(random); }),
      filled([] { return -27.9; }),
      filled([&] { return random() % 3 == 0 ? -HUGE_VAL : 0.25; }),
      filled([&] { return 1e30 * normal(random); }),
      filled([&] { return -1e4 + 40 * normal(random); }),
  };
  if (columns > 0) {
    rows[3][columns / 2] = 30;
    rows[4][columns / 3] = 0;
    rows[5][columns - 1] = T(0.25);
  }
  return rows;
}

template <class T>
std::string row_within_limit(const row_subject<T> &f, element_truth truth, double limit, const std::vector<T> &row) {
  std::vector<T> ys(row.size());
  f.range(row, ys);
  const reference::row_truth sum(std::span<const T>{row});
  findings found;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const reference::truth t = (sum.*truth)(static_cast<double>(row[i]));
    if (t.error > 1e-4 * reference::spacing<T>(t.value))
      continue;                                                                  // double results below 2^-850
    const bool exact = static_cast<double>(ys[i]) == t.value.hi && t.error == 0; // the limits at -inf
    const double error = exact ? 0 : std::abs(reference::ulps(ys[i], t));
    if (!(error <= limit)) {
      found.add("element " + std::to_string(i) + " of " + std::to_string(row.size()) + ", " + show(row[i]) + ": " +
                    show(ys[i]) + " is off by " + show(error) + " ULP",
                error);
    }
  }
  return found.report();
}

template <class T> std::string row_positions(const row_subject<T> &f) {
  constexpr std::size_t alignments = 64 / sizeof(T);
  constexpr T untouched = T(-123.25);
  std::mt19937_64 random(3);
  findings found;
  for (std::size_t n = 0; n <= 130; ++n) {
    std::vector<T> row = spread<T>(-9, 9, n);
    if (n > 4 && n % 3 == 0)
      row[n / 2] = -std::numeric_limits<T>::infinity();
    std::vector<T> expected(n);
    f.range(row, expected);
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i)
      order[i] = i;
    for (std::size_t offset = 0; offset < alignments; ++offset) {
      std::vector<T> in(n + 3 * alignments, untouched);
      std::vector<T> out = in;
      const std::size_t to = (7 * offset + n) % alignments;
      for (std::size_t i = 0; i < n; ++i)
        in[alignments + offset + i] = row[order[i]];
      const std::vector<T> original = in;
      const std::span<T> source(in.data() + alignments + offset, n);
      const std::span<T> target(out.data() + alignments + to, n);
      const auto compare = [&](const std::vector<T> &storage, std::size_t first, const char *call) {
        for (std::size_t i = 0; i < storage.size(); ++i) {
          const bool inside = i >= first && i < first + n;
          if (!same(storage[i], inside ? expected[order[i - first]] : untouched)) {
            found.add(std::string(call) + " of " + std::to_string(n) + " elements, alignment " +
                      std::to_string(offset) + " to " + std::to_string(to) + ", at " + std::to_string(i - first));
          }
        }
      };
      f.range(source, target);
      compare(out, alignments + to, "f(in, out)");
      if (!std::equal(in.begin(), in.end(), original.begin(), same<T>))
        found.add("f(in, out) writes to the input");
      f.in_place(source);
      compare(in, alignments + offset, "f(inout)");
      std::shuffle(order.begin(), order.end(), random);
    }
  }
  return found.report();
}

template std::vector<std::vector<float>> kinds_of_row(std::size_t);
template std::vector<std::vector<double>> kinds_of_row(std::size_t);
template std::string row_within_limit(const row_subject<float> &, element_truth, double, const std::vector<float> &);
template std::string row_within_limit(const row_subject<double> &, element_truth, double, const std::vector<double> &);
template std::string row_positions(const row_subject<float> &);
template std::string row_positions(const row_subject<double> &);
