#include <xact/activations.hpp>
#include <xact/backward_from_output.hpp>

#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>
#include <xact/silu.hpp>

namespace {

/// f' at a result y, in long double.
template <class T> struct truth {
  const char *name;
  long double (*derivative)(long double y);
  double from;
  double to;
};

/// dy * f'(y) within `units` roundings of T, for results from one limit of f to the other.
template <class T, class F> void check(const F &f, const truth<T> &want, double units) {
  CAPTURE(want.name);
  std::vector<T> y = spread<T>(want.from, want.to, 5003);
  y.push_back(static_cast<T>(want.from));
  y.push_back(static_cast<T>(want.to));
  const std::vector<T> dy = spread<T>(-3, 3, y.size());
  std::vector<T> dx(y.size(), T(7));
  xact::backward_from_output(f, y, dy, dx);
  findings found;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const long double exact = static_cast<long double>(dy[i]) * want.derivative(static_cast<long double>(y[i]));
    const long double error = std::abs(static_cast<long double>(dx[i]) - exact);
    if (!(error <=
          static_cast<long double>(units * static_cast<double>(std::numeric_limits<T>::epsilon())) * std::abs(exact)))
      found.add(show(static_cast<double>(y[i])), static_cast<double>(error));
  }
  CHECK(found.report() == "");

  std::vector<T> sum(y.size(), T(0.5));
  xact::backward_from_output(f, y, dy, sum, {.accumulate = true});
  xact::backward_from_output(f, y, dy, y);
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!same(y[i], dx[i]) || !(std::abs(sum[i] - (dx[i] + T(0.5))) <= std::numeric_limits<T>::epsilon() * 4))
      found.add(show(static_cast<double>(y[i])));
  }
  CHECK(found.report() == "");

  const T nan = std::numeric_limits<T>::quiet_NaN();
  std::array<T, 3> in = {nan, T(want.to), T(want.to)}, gradient = {1, nan, 1}, out{};
  xact::backward_from_output(f, in, gradient, out);
  CHECK((std::isnan(out[0]) && std::isnan(out[1]) && !std::isnan(out[2])));
}

template <class F>
constexpr bool goes_back = requires(const F &f, std::vector<float> y) { xact::backward_from_output(f, y, y, y); };

} // namespace

TEMPLATE_TEST_CASE("backward_from_output takes the derivative at the result", "", float, double) {
  using T = TestType;
  check<T>(xact::relu, {"relu", [](long double y) { return y > 0 ? 1.0L : 0; }, 0, 100}, 0);
  check<T>(xact::leaky_relu_t{.negative_slope = 0.25},
           {"leaky_relu", [](long double y) { return y > 0 ? 1 : 0.25L; }, -100, 100}, 0);
  check<T>(xact::sigmoid, {"sigmoid", [](long double y) { return y * (1 - y); }, 0, 1}, 1.6);
  check<T>(xact::tanh, {"tanh", [](long double y) { return (1 - y) * (1 + y); }, -1, 1}, 2.1);
  check<T>(xact::elu_t{.alpha = 0.5}, {"elu", [](long double y) { return y > 0 ? 1 : y + 0.5L; }, -0.5, 3}, 1.1);
  check<T>(xact::softplus, {"softplus", [](long double y) { return -std::expm1(-y); }, 0, 50}, 3);
  check<T>(xact::softplus_t{.beta = 3}, {"softplus, 3", [](long double y) { return -std::expm1(-3 * y); }, 0, 50}, 3.5);
}

TEST_CASE("backward_from_output of mixed types, and in a tier") {
  const std::vector<float> wide = spread<float>(0, 1, 1000);
  const std::vector<xact::bfloat16> y(wide.begin(), wide.end());
  const std::vector<float> dy = spread<float>(-2, 2, 1000);
  std::vector<float> dx(1000);
  std::vector<float> in_tier(1000);
  xact::backward_from_output(xact::sigmoid, y, dy, dx);
  xact::backward_from_output(xact::accurate(xact::sigmoid), y, dy, in_tier);
  CHECK(dx == in_tier);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto at = static_cast<float>(y[i]);
    REQUIRE(dx[i] == dy[i] * (at * (1 - at)));
  }
}

TEST_CASE("backward_from_output refuses what the result does not determine") {
  std::vector<float> y(8, 0.5f);
  const std::vector<float> before = y;
  CHECK_THROWS_AS(xact::backward_from_output(xact::leaky_relu_t{.negative_slope = -1}, y, y, y), std::invalid_argument);
  CHECK_THROWS_AS(xact::backward_from_output(xact::leaky_relu_t{.negative_slope = NAN}, y, y, y),
                  std::invalid_argument);
  CHECK_THROWS_AS(xact::backward_from_output(xact::elu_t{.alpha = -1}, y, y, y), std::invalid_argument);
  std::vector<float> shorter(7);
  CHECK_THROWS_AS(xact::backward_from_output(xact::tanh, y, y, shorter), std::invalid_argument);
  CHECK(y == before);
  STATIC_REQUIRE(goes_back<xact::tanh_t> && !goes_back<xact::silu_t> && !goes_back<float>);
}
