#include <xact/logsumexp.hpp>

#include "checks/rows.hpp"
#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

using std::vector;

TEMPLATE_TEST_CASE("logsumexp", "", float, double) {
  using T = TestType;
  for (const std::size_t columns : std::initializer_list<std::size_t>{1, 3, 130, 5000}) {
    for (const vector<T> &row : kinds_of_row<T>(columns)) {
      const reference::truth t = reference::row_truth(std::span<const T>(row)).logsumexp();
      const double error = std::abs(reference::ulps(xact::logsumexp(row), t));
      CHECK(error <= (sizeof(T) == 4 ? 0.51 : 4));
    }
  }
}

TEMPLATE_TEST_CASE("logsumexp at NaN and infinities", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const auto f = [](const vector<T> &row) { return xact::logsumexp(row); };
  CHECK(std::isnan(f({1, nan, inf})));
  CHECK(f({1, inf, -inf}) == inf);
  CHECK(f({-inf, 3, -inf}) == 3);
  CHECK(f({-inf, -inf}) == -inf);
  CHECK(f({}) == -inf);
}

TEST_CASE("logsumexp of rows") {
  const vector<float> in = spread<float>(-9, 9, 6 * 11);
  vector<float> out(6);
  xact::logsumexp(xact::rows(in, 11), out);
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(out[i] == xact::logsumexp(std::span(in).subspan(11 * i, 11)));

  vector<float> five(5, -7);
  CHECK_THROWS_AS(xact::logsumexp(xact::rows(in, 11), five), std::invalid_argument);
  CHECK(five == vector<float>(5, -7));
  vector<float> data = in;
  CHECK_THROWS_AS(xact::logsumexp(xact::rows(data, 11), std::span(data).first(6)), std::invalid_argument);
  CHECK(data == in);
}
