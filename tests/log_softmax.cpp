#include <xact/log_softmax.hpp>

#include "row_function.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <utility>
#include <xact/exact.hpp>

using std::vector;

TEST_CASE("log_softmax") { check_row_function(xact::log_softmax, &reference::row_truth::log_softmax); }

TEST_CASE("log_softmax near 0") {
  // -log(1 + e^-d) for a distance d: relative accuracy down to the smallest subnormal
  for (int d = 0; d < 104; ++d) {
    const vector<float> row = {0, static_cast<float>(-d), static_cast<float>(-d) - 0.3f};
    CHECK(row_within_limit<float>(row_subject<float>(xact::log_softmax), &reference::row_truth::log_softmax, 3, row) ==
          "");
    CHECK(row_within_limit<float>(row_subject<float>(xact::exact(xact::log_softmax)),
                                  &reference::row_truth::log_softmax, 0.51, row) == "");
  }
}

TEST_CASE("log_softmax where one logit dominates, or two equal ones, wherever they lie") {
  const auto check = [](const vector<float> &row) {
    CAPTURE(row.size());
    const auto truth = &reference::row_truth::log_softmax;
    CHECK(row_within_limit<float>(row_subject<float>(xact::log_softmax), truth, 3, row) == "");
    CHECK(row_within_limit<float>(row_subject<float>(xact::log_softmax), truth, 16, row) == "");
  };
  for (const std::size_t n : std::initializer_list<std::size_t>{2, 5, 17, 33, 100, 129, 257, 300, 1031, 5000, 66000}) {
    vector<float> row = spread<float>(-3, 0, n);
    row.resize(n);
    for (const float gap : {0.42f, 0.44f, 0.7f, 3.0f, 12.0f, 40.0f, 150.0f, 250.0f}) {
      for (const std::size_t at : {std::size_t{0}, n / 2, n - 2, n - 1}) {
        if (n > 2000 && at != n - 2)
          continue; // under emulation they take long
        const float one = std::exchange(row[at], gap);
        CAPTURE(gap, at);
        check(row);
        const std::size_t other = at < 7 ? n - 1 : at - 7;
        const float two = std::exchange(row[other], gap);
        check(row);
        row[other] = two;
        row[at] = one;
      }
    }
  }
}

TEMPLATE_TEST_CASE("log_softmax at NaN and infinities", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const auto f = [](vector<T> row) { return result_of<T>(xact::log_softmax, row); };
  const T log_2 = static_cast<T>(reference::ln2.hi);
  CHECK(same_rows(f({1, nan, 2}), {nan, nan, nan}));
  CHECK(same_rows(f({1, inf, inf}), {-inf, -log_2, -log_2}));
  CHECK(same_rows(f({-inf, 5, 5}), {-inf, -log_2, -log_2}));
  CHECK(same_rows(f({-inf, -inf}), {nan, nan}));
  CHECK(f({5})[0] == 0);
  CHECK(f({-inf, 5})[1] == 0);
}
