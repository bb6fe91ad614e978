#include <xact/columns.hpp>

#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>
#include <xact/log_softmax.hpp>
#include <xact/rows.hpp>
#include <xact/softmin.hpp>

using std::vector;

namespace {

/// Columns have the bits that they would have as rows, in place too.
template <class In, class Out, class F> void check_columns(const F &f) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 5);
  for (const auto &[count, width, height] : std::initializer_list<std::array<std::size_t, 3>>{
           {1, 1, 1}, {2, 3, 5}, {1, 16, 21}, {3, 33, 7}, {1, 7, 1000}, {1, 2, 5000}}) {
    vector<In> x(count * width * height);
    for (In &v : x)
      v = In(random() % 50 == 0 ? -INFINITY : normal(random));
    if (width > 2)
      x[1] = In(NAN), x[width + 2] = In(INFINITY);
    if (width > 10)
      x[9] = In(3e4f), x[width + 8] = In(-6e4f);
    vector<Out> y(x.size()), want(x.size());
    f(xact::columns(x, width, height), xact::columns(y, width, height));
    for (std::size_t m = 0; m < count; ++m) {
      for (std::size_t c = 0; c < width; ++c) {
        vector<In> row(height);
        vector<Out> result(height);
        for (std::size_t r = 0; r < height; ++r)
          row[r] = x[(m * height + r) * width + c];
        f(row, result);
        for (std::size_t r = 0; r < height; ++r)
          want[(m * height + r) * width + c] = result[r];
      }
    }
    bool equal = true;
    for (std::size_t i = 0; i < y.size(); ++i)
      equal = equal &&
              same(static_cast<double>(static_cast<float>(y[i])), static_cast<double>(static_cast<float>(want[i])));
    CAPTURE(count, width, height);
    CHECK(equal);
    if constexpr (std::is_same_v<In, Out>) {
      f(xact::columns(x, width, height), xact::columns(x, width, height));
      bool in_place = true;
      for (std::size_t i = 0; i < y.size(); ++i)
        in_place = in_place &&
                   same(static_cast<double>(static_cast<float>(x[i])), static_cast<double>(static_cast<float>(y[i])));
      CHECK(in_place);
    }
  }
}

} // namespace

TEST_CASE("softmax down columns: the bits of rows") {
  check_columns<float, float>(xact::softmax);
  check_columns<float, float>(xact::log_softmax);
  check_columns<float, float>(xact::exact(xact::softmax));
  check_columns<double, double>(xact::softmax);
  check_columns<xact::float16, xact::float16>(xact::softmax);
  check_columns<float, xact::bfloat16>(xact::softmax);
}

TEST_CASE("softmin is softmax of -x") {
  vector<float> x = spread<float>(-9, 9, 300), minus = x, y(300), want(300);
  for (float &v : minus)
    v = -v;
  const vector<float> scales = {1, 0.3f, -2};
  for (const xact::softmax_options &o : {xact::softmax_options{}, xact::softmax_options{.scale = 0.7, .sink = 1},
                                         xact::softmax_options{.scale = scales}}) {
    xact::softmin(xact::rows(x, 100), xact::rows(y, 100), o);
    xact::softmax(xact::rows(minus, 100), xact::rows(want, 100), o);
    CHECK(y == want);
  }
  xact::exact(xact::softmin)(x, y);
  xact::exact(xact::softmax)(minus, want);
  CHECK(y == want);
  xact::softmin(x);
  CHECK_THROWS_AS(xact::softmin(x, {.scale = NAN}), std::invalid_argument);
}

TEST_CASE("columns of a shape that makes no sense") {
  vector<float> x(24, 1), y(24, 7);
  const vector<float> before = y;
  CHECK_THROWS_AS(xact::columns(x, 5, 2), std::invalid_argument);
  CHECK_THROWS_AS(xact::columns(x, 0, 2), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(xact::columns(x, 4, 3), xact::columns(y, 3, 4)), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(xact::columns(x, 4, 3), xact::columns(std::span(y).first(12), 4, 3)),
                  std::invalid_argument);
  CHECK_THROWS_AS(
      xact::softmax(xact::columns(std::span(y).first(12), 4, 3), xact::columns(std::span(y).subspan(4, 12), 4, 3)),
      std::invalid_argument);
  CHECK(y == before);
}
