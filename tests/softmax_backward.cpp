#include <xact/softmax_backward.hpp>

#include "checks/rows.hpp"
#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>

using std::vector;

namespace {

/// dx by its definition in long double.
template <class T> vector<long double> truth(bool log, const vector<T> &y, const vector<T> &dy) {
  long double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    sum += static_cast<long double>(dy[i]) * (log ? 1 : static_cast<long double>(y[i]));
  vector<long double> dx(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto yi = static_cast<long double>(y[i]), dyi = static_cast<long double>(dy[i]);
    dx[i] = log ? dyi - std::exp(yi) * sum : yi * (dyi - sum);
  }
  return dx;
}

/// Each element within half an ULP of the largest number that its difference is made of, and a little.
template <class T, class F> void check_gradient(const F &backward, bool log) {
  const long double unit = std::numeric_limits<T>::epsilon();
  for (const std::size_t n : std::initializer_list<std::size_t>{1, 3, 31, 64, 1000, 4099}) {
    const vector<T> y = log ? spread<T>(-20, 0, n) : spread<T>(0, 2.0 / static_cast<double>(n), n);
    vector<T> dy = spread<T>(-5, 5, n + 1);
    dy.erase(dy.begin());
    const vector<long double> want = truth(log, y, dy);
    vector<T> dx(n);
    backward(y, dy, dx);
    long double worst = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const long double scale = log ? std::abs(static_cast<long double>(dy[i])) + std::abs(want[i])
                                    : static_cast<long double>(y[i]) * (std::abs(static_cast<long double>(dy[i])) + 5);
      worst = std::max(worst, std::abs(static_cast<long double>(dx[i]) - want[i]) /
                                  (scale * unit + std::numeric_limits<T>::denorm_min()));
    }
    CAPTURE(n);
    CHECK(worst <= (sizeof(T) == 4 ? 0.51 : 40)); // double: the sum's own error counts
    vector<T> in_y = y, in_dy = dy;
    backward(in_y, dy, in_y);
    CHECK(in_y == dx);
    backward(y, in_dy, in_dy);
    CHECK(in_dy == dx);
  }
}

} // namespace

TEMPLATE_TEST_CASE("softmax_backward", "", float, double) { check_gradient<TestType>(xact::softmax_backward, false); }
TEMPLATE_TEST_CASE("log_softmax_backward", "", float, double) {
  check_gradient<TestType>(xact::log_softmax_backward, true);
}

TEST_CASE("gradients of rows, a NaN in one of them, and of other types") {
  const vector<float> y = {0.25f, 0.75f, NAN, 0.5f, 1, 0};
  const vector<float> dy = {1, 2, 3, 4, -1, INFINITY};
  vector<float> dx(6, -7);
  xact::softmax_backward(xact::rows(y, 2), xact::rows(dy, 2), xact::rows(dx, 2));
  CHECK(dx[0] == -0.1875f); // 0.25 * (1 - 1.75)
  CHECK(dx[1] == 0.1875f);
  for (std::size_t i = 2; i < 6; ++i)
    CHECK(std::isnan(dx[i]));
  const vector<xact::float16> half = {0.25f, 0.75f};
  vector<xact::bfloat16> brain(2);
  xact::softmax_backward(half, std::span(dy).first(2), brain);
  CHECK(static_cast<float>(brain[0]) == -0.1875f);

  // log_softmax: -inf (a masked element) passes dy on
  xact::log_softmax_backward(vector<float>{0, -INFINITY}, vector<float>{2, 3}, std::span(dx).first(2));
  CHECK(dx[0] == -3); // 2 - 5
  CHECK(dx[1] == 3);
}

TEST_CASE("gradients refuse other shapes") {
  const vector<float> y(6), dy(5);
  vector<float> dx(6, -7);
  CHECK_THROWS_AS(xact::softmax_backward(y, dy, dx), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax_backward(dy, y, dx), std::invalid_argument);
  CHECK_THROWS_AS(xact::log_softmax_backward(xact::rows(y, 2), xact::rows(y, 3), xact::rows(dx, 2)),
                  std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax_backward(std::span(dx).first(5), dy, std::span(dx).last(5)), std::invalid_argument);
  CHECK(dx == vector<float>(6, -7));
}
