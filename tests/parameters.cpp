// Parameters over double's whole range: a range call refuses them, and what it takes is right, at both infinities
// too, and so is the derivative.

#include <xact/xact.hpp>

#include "reference/derivatives.hpp"
#include "reference/mpfr.hpp"
#include "reference/snake.hpp"
#include "reference/squareplus.hpp"
#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstring>

namespace {

using reference::big;
template <class T> constexpr T infinity = std::numeric_limits<T>::infinity();

const std::vector<double> parameters = [] {
  std::vector<double> p{0, infinity<double>, std::numeric_limits<double>::quiet_NaN()};
  for (const double x : {0x1p-1074, 0x1p-1060, 0x1p-1022, 1e-300, 1e-100, 1e-46, 1e-39, 1e-20, 0.3, 1.0, 2.5, 1e20,
                         0x1.fffffep127, 1e39, 1e100, 1e300, std::numeric_limits<double>::max()}) {
    p.push_back(x);
    p.push_back(-x);
  }
  return p;
}();
const std::vector<double> inputs = [] {
  std::vector<double> x{-infinity<double>};
  for (const double size : {0.0, 1e-44, 1e-38, 1e-30, 1e-10, 0.7, 3.0, 30.0, 87.3, 1e10, 3e38}) {
    x.push_back(-size);
    x.push_back(size);
  }
  x.push_back(infinity<double>);
  return x;
}();

/// x, or for an infinity a number so large that the definition is at its limit there.
big finite(double x) {
  big y = std::isinf(x) ? std::copysign(0x1p1000, x) : x;
  for (int i = 0; std::isinf(x) && i < 7; ++i)
    y = abs(y) * y;
  return y;
}

/// How far y is from the truth, in ULP of it, or of `least` where that is larger.
template <class T> double error(T y, const big &truth, double least = 0) {
  const T nearest = static_cast<T>(truth);
  if (y == nearest)
    return 0;
  if (std::isinf(y) || std::isinf(nearest)) // MPFR counts on, beyond the largest T
    return std::isinf(y) ? error(std::copysign(std::numeric_limits<T>::max(), y), truth) + 1 : infinity<double>;
  const big unit = abs(truth) < least ? big(least).spacing<T>() : truth.spacing<T>();
  return std::isnan(y) ? infinity<double> : std::abs(static_cast<double>((big(static_cast<double>(y)) - truth) / unit));
}

template <class F>
constexpr bool has_slope_at_infinity = !std::is_same_v<F, xact::snake_t> && !std::is_same_v<F, xact::hard_tanh_t>;

class walk {
public:
  ~walk() {
    CHECK(found.report() == "");
    CHECK(taken > 0);
    CHECK(refused > 0);
  }

  template <class F, class Truth, class Slope>
  void operator()(const F &f, const Truth &truth, const Slope &slope, std::initializer_list<double> numbers) {
    std::string name;
    for (const double number : numbers)
      name += show(number) + " ";
    std::vector<double> one{0.5};
    try {
      f(one);
    } catch (const std::invalid_argument &) {
      ++refused;
      if (one[0] != 0.5)
        found.add(name + "written");
      return;
    }
    ++taken;
    const auto derivative = xact::derivative(f);
    for (const double x : inputs) {
      const auto narrow = static_cast<float>(x);
      const auto check = [&](const char *what, auto y, const big &t, double limit, double least = 0) {
        if (const double e = error(y, t, least); !(e <= limit))
          found.add(name + what + " at " + show(x) + ": " + show(static_cast<double>(y)) + " for " +
                        show(static_cast<double>(t)),
                    e);
      };
      const big t = define(truth, finite(static_cast<double>(narrow)));
      check("float", f(narrow), t, 4);
      check("exact", xact::exact(f)(narrow), t, 0.5 + 0x1p-20);
      check("double", f(x), define(truth, finite(x)), 4);
      if (x != 0 && (std::isfinite(x) || has_slope_at_infinity<F>)) { // no kinks
        check("derivative", derivative(narrow), define(slope, finite(static_cast<double>(narrow))), 8, 0.125);
        check("derivative, double", derivative(x), define(slope, finite(x)), 8, 0.125);
      }
    }
  }

private:
  findings found;
  int taken = 0, refused = 0;
};

} // namespace

TEST_CASE("one parameter") {
  const auto each = [](const auto &make) {
    walk check;
    for (const double p : parameters)
      make(check, p);
  };
  using namespace reference;
  SECTION("leaky_relu") {
    each([](auto &check, double p) { check(xact::leaky_relu_t{p}, leaky_relu{p}, leaky_relu_derivative{p}, {p}); });
  }
  SECTION("elu") {
    each([](auto &check, double p) { check(xact::elu_t{p}, elu{p}, elu_derivative{p}, {p}); });
  }
  SECTION("celu") {
    each([](auto &check, double p) { check(xact::celu_t{p}, celu{p}, celu_derivative{p}, {p}); });
  }
  SECTION("softplus") {
    each([](auto &check, double p) { check(xact::softplus_t{p}, softplus{p}, softplus_derivative{p}, {p}); });
  }
  SECTION("softcap") {
    each([](auto &check, double p) { check(xact::softcap_t{p}, softcap{p}, softcap_derivative{p}, {p}); });
  }
  SECTION("squareplus") {
    each([](auto &check, double p) { check(xact::squareplus_t{p}, squareplus{p}, squareplus_derivative{p}, {p}); });
  }
  SECTION("soft_shrink") {
    each([](auto &check, double p) { check(xact::soft_shrink_t{p}, soft_shrink{p}, shrink_derivative{p}, {p}); });
  }
  SECTION("hard_shrink") {
    each([](auto &check, double p) { check(xact::hard_shrink_t{p}, hard_shrink{p}, shrink_derivative{p}, {p}); });
  }
  SECTION("thresholded_relu") {
    each([](auto &check, double p) {
      check(xact::thresholded_relu_t{p}, thresholded_relu{p}, threshold_derivative{p}, {p});
    });
  }
  SECTION("snake") {
    each([](auto &check, double p) { check(xact::snake_t{p}, snake_beta{p, p}, snake_beta_derivative{p, p}, {p}); });
  }
}

TEST_CASE("several parameters") {
  const auto each = [](const auto &make) {
    walk check;
    for (const double p : parameters) {
      for (const double q : {0.0, 1.0, -0.7, 1e-100, 1e39, -1e100, 1e300, infinity<double>})
        make(check, p, q);
    }
  };
  using namespace reference;
  SECTION("threshold") {
    each([](auto &check, double p, double q) {
      check(xact::threshold_t{p, q}, threshold{p, q}, threshold_derivative{p}, {p, q});
    });
  }
  SECTION("hard_tanh") {
    each([](auto &check, double p, double q) {
      check(xact::hard_tanh_t{p, q}, hard_tanh{p, q}, hard_tanh_derivative{p, q}, {p, q});
    });
  }
  SECTION("hard_sigmoid") {
    each([](auto &check, double p, double q) {
      check(xact::hard_sigmoid_t{p, q}, hard_sigmoid{p, 1, q}, hard_sigmoid_derivative{p, 1, q}, {p, q});
    });
  }
  SECTION("star_relu") {
    each([](auto &check, double p, double q) {
      check(xact::star_relu_t{p, q}, star_relu{p, q}, star_relu_derivative{p}, {p, q});
    });
  }
  SECTION("shrink") {
    each([](auto &check, double p, double q) {
      check(xact::shrink_t{p, q}, shrink{p, q}, shrink_derivative{p}, {p, q});
    });
  }
  SECTION("laplace") {
    each([](auto &check, double p, double q) {
      check(xact::laplace_t{q, p}, laplace{q, p}, laplace_derivative{q, p}, {q, p});
    });
  }
  SECTION("xielu") {
    each([](auto &check, double p, double q) {
      check(xact::xielu_t{p, q, 0.5, -1e-6}, xielu{p, q, 0.5, -1e-6}, xielu_derivative{{p, q, 0.5, -1e-6}}, {p, q});
    });
  }
}

// Each function's own refusal stands above; here one of them in each algorithm.
TEST_CASE("a parameter that means nothing is refused by every call before anything is written, in place too") {
  constexpr xact::celu_t f{.alpha = 0};
  constexpr xact::elu_t g{.alpha = infinity<double>};
  std::vector<float> x{-1, 0, 1, 2}, y(4, 77.0f), z = y, inputs{-1, 0, 1, 2};
  std::vector<xact::float16> narrow(4, xact::float16(3.0f)), wanted_narrow = narrow;
  const std::vector<float> untouched = y;
  std::vector<std::int32_t> sums(4, 5);
  std::vector<std::int8_t> codes(4, 9);
  std::vector<xact::quantization> each(2, {.scale = 1});
  std::vector<xact::table<std::int8_t>> tables(2);
  std::ranges::fill(tables[0].entries, std::uint8_t{11});
  std::ranges::fill(tables[1].entries, std::uint8_t{11});
  xact::census seen;
  const auto refuses = [&](const char *call, const auto &run) {
    CAPTURE(call);
    try {
      run();
      FAIL_CHECK("taken");
    } catch (const std::invalid_argument &error) {
      const std::string message = error.what();
      CAPTURE(message);
      CHECK((message == "xact::celu: alpha is 0" || message == "xact::elu: alpha is inf"));
    }
    CHECK(x == inputs);
    CHECK((y == untouched && z == untouched));
    CHECK(std::memcmp(narrow.data(), wanted_narrow.data(), 4 * sizeof narrow[0]) == 0);
    CHECK(codes == std::vector<std::int8_t>(4, 9));
    CHECK((tables[0].entries[7] == 11 && tables[1].entries[200] == 11));
    CHECK(seen.count == 0);
  };
  refuses("range", [&] { f(x, y); });
  refuses("in place", [&] { f(x); });
  refuses("in place, narrow", [&] { f(narrow); });
  refuses("mixed", [&] { f(x, narrow); });
  refuses("rows", [&] { f(xact::rows(x, 2), xact::rows(y, 2)); });
  refuses("rows in place", [&] { f(xact::rows(x, 2)); });
  refuses("accurate", [&] { xact::accurate(f)(x, y); });
  refuses("exact in place", [&] { xact::exact(f)(x); });
  refuses("derivative", [&] { xact::derivative(f)(x, y); });
  refuses("derivative in place", [&] { xact::accurate(xact::derivative(f))(x); });
  refuses("transform", [&] { xact::transform(f, x, y); });
  refuses("transform in place", [&] { xact::transform(f, x, x); });
  refuses("gated", [&] { xact::glu(f)(x, x, y); });
  refuses("gated in place", [&] { xact::glu(xact::silu, f)(x, y, y); });
  refuses("gated halves", [&] { xact::glu(f)(x, std::span(y).first(2), {.layout = xact::glu_layout::halves}); });
  refuses("backward", [&] { xact::backward(f, x, x, y); });
  refuses("backward in place", [&] { xact::backward(f, x, y, y, {.accumulate = true}); });
  refuses("backward of gated", [&] { xact::backward(xact::glu(f), x, x, x, y, z); });
  refuses("backward from output", [&] { xact::backward_from_output(g, x, x, y); });
  refuses("backward from output in place", [&] { xact::backward_from_output(g, y, x, y); });
  refuses("watch", [&] { xact::watch(f, seen)(x, y); });
  refuses("watch in place", [&] { xact::watch(f, seen)(x); });
  refuses("tabulate", [&] { tables[0] = xact::tabulate<std::int8_t>(f, each[0], each[0]); });
  refuses("tables", [&] { xact::tabulate<std::int8_t>(f, each, each, tables); });
  refuses("requantize", [&] { xact::requantize(sums, 1.0f, f, each[0], codes); });
}
