// Rows of up to 2^27 columns, which take seconds and a gigabyte each.

#include <xact/softmax.hpp>

#include "../reference/softmax.hpp"
#include "../values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <xact/exact.hpp>
#include <xact/float16.hpp>

using std::vector;

namespace {

enum class kinds { normal, constant, adversarial };

vector<float> row_of(kinds kind, std::size_t columns) {
  vector<float> row(columns, kind == kinds::constant ? 1.7f : -27.9f);
  if (kind == kinds::adversarial)
    row[columns / 3] = 0;
  if (kind == kinds::normal) {
    std::mt19937_64 random(1);
    std::normal_distribution<float> normal(0, 3);
    for (float &x : row)
      x = normal(random);
  }
  return row;
}

template <class F> void check(const F &f, kinds kind, std::size_t columns, double limit) {
  const vector<float> row = row_of(kind, columns);
  const reference::row_truth truth(std::span<const float>{row});
  vector<float> y(columns);
  f(row, y);
  double worst = 0;
  for (std::size_t i = 0; i < columns; i += i % 1009 == 0 || columns < (1 << 25) ? 1 : 13)
    worst = std::max(worst, std::abs(reference::ulps(y[i], truth.softmax(static_cast<double>(row[i])))));
  const double sum = std::accumulate(y.begin(), y.end(), 0.0);
  CAPTURE(columns, static_cast<int>(kind), worst, sum);
  CHECK(worst <= limit);
  CHECK(std::abs(sum - 1) < (limit > 3 ? 2e-6 : 1e-6));
}

} // namespace

TEST_CASE("softmax of 2^24 columns") {
  for (const kinds kind : {kinds::normal, kinds::constant, kinds::adversarial}) {
    check(xact::softmax, kind, 1 << 24, 4);
    check(xact::exact(xact::softmax), kind, 1 << 24, 0.51);
  }
}

TEST_CASE("softmax of 2^27 columns") {
  check(xact::softmax, kinds::normal, 1 << 27, 4);
  check(xact::softmax, kinds::adversarial, 1 << 27, 4);
  check(xact::exact(xact::softmax), kinds::normal, 1 << 27, 0.51);
}
