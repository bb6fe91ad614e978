#include "reference/big.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <span>
#include <xact/float16.hpp>
#include <xact/softmax_backward.hpp>
#include <xact/sparsemax.hpp>

using reference::big;
using std::vector;

namespace {

constexpr double inf = HUGE_VAL;

/// tau by the definition: with the elements sorted, the support is the largest k whose sum leaves room for the k-th.
big threshold_of(vector<double> sorted) {
  std::ranges::sort(sorted, std::greater());
  big sum = -1, tau;
  for (std::size_t k = 1; k <= sorted.size(); ++k) {
    sum = sum + sorted[k - 1];
    const big share = sum / static_cast<double>(k);
    if (!(share < sorted[k - 1]))
      break;
    tau = share;
  }
  return tau;
}

template <class T> vector<T> rounded(const vector<double> &x) {
  vector<T> result;
  for (const double v : x)
    result.push_back(static_cast<T>(v));
  return result;
}

/// Rows whose true results take no more than the reference's 400 bits.
template <class Random> vector<vector<double>> rows_of(std::size_t n, double huge, Random &random) {
  const auto made = [&](auto value) {
    vector<double> row(n);
    std::ranges::generate(row, value);
    return row;
  };
  std::normal_distribution<double> normal(0, 1);
  std::uniform_real_distribution<double> unit(0, 1);
  vector<vector<double>> rows = {
      made([&] { return normal(random); }),
      made([&] { return 20 * normal(random); }),
      made([&] { return normal(random) / 64; }),
      made([&] { return 0x1p-30 * normal(random); }),
      made([&] { return 0x1p-100 * normal(random); }),
      made([&] { return 1.7; }),
      made([&] { return static_cast<double>(random() % 4) / 4; }), // ties
      made([&] { return huge * normal(random); }),
      made([&] { return 40 + unit(random); }),
      made([&] { return std::exp2(-50 * unit(random)); }),
      made([&, i = 0.0]() mutable { return i++ * -0x1p-9; }),
      made([&] { return random() % 8 == 0 ? normal(random) : -inf; }),
  };
  rows.back()[n / 2] = 0.25;
  rows.push_back(rows[0]);
  rows.back()[n / 3] += 40; // peaked
  rows.push_back(rows[0]);
  rows.back()[n - 1] = *std::ranges::max_element(rows[0]) - 1 + 0x1p-50; // the edge of the support
  return rows;
}

/// The largest error in ULP, beyond 2^-96.
template <class T> double error_of(const vector<T> &y, const vector<T> &x) {
  vector<double> wide;
  for (const T v : x)
    wide.push_back(static_cast<double>(v));
  const big tau = threshold_of(wide);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const big truth = std::isinf(wide[i]) || wide[i] < tau ? big(0) : wide[i] - tau;
    const big error = abs(static_cast<double>(y[i]) - truth) - 0x1p-96;
    if constexpr (sizeof(T) == 2) {
      const double exact = static_cast<double>(truth);
      int exponent = 0;
      std::frexp(exact, &exponent);
      constexpr int digits = T::format::mantissa_bits + 1, lowest = 2 - T::format::bias;
      worst = std::max(worst, std::ldexp(static_cast<double>(error), digits - std::max(exponent, lowest)));
    } else {
      worst = std::max(worst, static_cast<double>(error / truth.template spacing<T>()));
    }
  }
  return worst;
}

template <class T> vector<T> sparsemax(const vector<T> &x) {
  vector<T> y(x.size(), T(7.0f));
  xact::sparsemax(x, y);
  return y;
}
template <class T> bool equal(const vector<T> &a, const vector<T> &b) {
  return std::ranges::equal(a, b, [](T x, T y) { return same(static_cast<double>(x), static_cast<double>(y)); });
}

} // namespace

TEMPLATE_TEST_CASE("sparsemax is the definition, rounded once; the order of elements and of rows does not count", "",
                   float, double, xact::float16, xact::bfloat16) {
  using T = TestType;
  std::mt19937_64 random(7);
  for (const std::size_t n : std::initializer_list<std::size_t>{1, 2, 3, 7, 16, 33, 100, 1000}) {
    const vector<vector<double>> wide = rows_of(n, std::is_same_v<T, xact::float16> ? 5e3 : 1e30, random);
    for (std::size_t kind = 0; kind < wide.size(); ++kind) {
      CAPTURE(n, kind);
      const vector<T> x = rounded<T>(wide[kind]);
      const vector<T> y = sparsemax(x);
      CHECK(error_of(y, x) <= 0.5);

      vector<std::size_t> order(n);
      std::iota(order.begin(), order.end(), 0u);
      std::ranges::shuffle(order, random);
      vector<T> other(n), want(n);
      for (std::size_t i = 0; i < n; ++i) {
        other[i] = x[order[i]];
        want[i] = y[order[i]];
      }
      xact::sparsemax(other);
      CHECK(equal(other, want));

      vector<T> matrix(3 * (n + 2), T(-1.0f)); // a row among others, not aligned
      std::ranges::copy(x, matrix.begin() + static_cast<std::ptrdiff_t>(n + 2));
      matrix[0] = matrix[2 * (n + 2)] = static_cast<T>(5.0f);
      xact::sparsemax(xact::rows(matrix, n, n + 2));
      CHECK(equal(vector<T>(matrix.begin() + static_cast<std::ptrdiff_t>(n + 2),
                            matrix.begin() + static_cast<std::ptrdiff_t>(2 * n + 2)),
                  y));
      CHECK((matrix[n] == T(-1.0f) && matrix[2 * n + 3] == T(-1.0f)));
    }
  }
}

TEST_CASE("sparsemax has the same bits on every ISA") {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&](auto type) {
    using T = decltype(type);
    std::mt19937_64 random(11);
    for (const vector<double> &row : rows_of(333, 1e4, random)) {
      for (const T y : sparsemax(rounded<T>(row)))
        hash = (hash ^ std::bit_cast<std::uint64_t>(static_cast<double>(y))) * 0x100000001b3;
    }
  };
  take(0.0f);
  take(0.0);
  take(xact::float16());
  CHECK(hash == 0x175322d740311f09);
}

TEST_CASE("sparsemax of many elements, and where each pass drops few") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<float> unit(0, 1);
  vector<float> x(1'300'000);
  std::ranges::generate(x, [&] { return 1e-6f * unit(random); });
  const vector<float> y = sparsemax(x);
  CHECK(std::ranges::none_of(y, [](float v) { return v == 0; }));
  CHECK(std::abs(std::accumulate(y.begin(), y.end(), 0.0) - 1) < 1e-7);
  vector<double> doubling(1000);
  for (std::size_t i = 0; i < doubling.size(); ++i)
    doubling[i] = -1 + std::exp2(-static_cast<double>(i) / 20);
  CHECK(error_of(sparsemax(doubling), doubling) <= 0.5);
}

TEMPLATE_TEST_CASE("sparsemax at NaN and infinities, and at the ends of the type", "", float, double, xact::float16) {
  using T = TestType;
  const double most = sizeof(T) == 2   ? 65504
                      : sizeof(T) == 4 ? static_cast<double>(std::numeric_limits<float>::max())
                                       : std::numeric_limits<double>::max();
  const auto check = [](const vector<double> &x, const vector<double> &y) {
    CHECK(equal(sparsemax(rounded<T>(x)), rounded<T>(y)));
  };
  check({1, NAN, 2}, {NAN, NAN, NAN});
  check({inf, -inf, NAN}, {NAN, NAN, NAN});
  check({-inf, -inf}, {NAN, NAN});
  check({inf, 3, inf, -inf, inf, inf}, {0.25, 0, 0.25, 0, 0.25, 0.25});
  check({-inf, 5, 5}, {0, 0.5, 0.5});
  check({most, -most, most}, {0.5, 0, 0.5});
  check({-most, -most}, {0.5, 0.5});
  check({0, -0.0}, {0.5, 0.5});
  check({0.5, -0.5, -0.25}, {0.875, 0, 0.125});
  check({}, {});
}

TEST_CASE("sparsemax of mixed types is rounded once") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal(0, 0.5);
  vector<float> x(5000);
  std::ranges::generate(x, [&] { return static_cast<float>(normal(random)); });
  const vector<double> from(x.begin(), x.end());
  vector<double> wide(x.size());
  xact::sparsemax(x, wide);
  CHECK(wide == sparsemax(from));
  vector<float> narrow(x.size());
  xact::sparsemax(from, narrow);
  CHECK(narrow == sparsemax(x));
  vector<xact::float16> half(x.size()), other(x.size());
  xact::sparsemax(x, half);
  xact::sparsemax(from, other);
  CHECK(equal(half, rounded<xact::float16>(wide)));
  CHECK(equal(half, other));
}

TEST_CASE("sparsemax refuses what does not fit, and writes nothing") {
  vector<float> x(6, 1.0f), y(5, 7.0f);
  CHECK_THROWS_AS(xact::sparsemax(x, y), std::invalid_argument);
  CHECK_THROWS_AS(xact::sparsemax(xact::rows(x, 2), xact::rows(x, 3)), std::invalid_argument);
  CHECK_THROWS_AS(xact::sparsemax(std::span(x).first(5), std::span(x).last(5)), std::invalid_argument);
  CHECK_THROWS_AS(xact::backward_from_output(xact::sparsemax, y, x, y), std::invalid_argument);
  CHECK_THROWS_AS(xact::backward_from_output(xact::sparsemax, std::span(x).first(5), y, std::span(x).last(5)),
                  std::invalid_argument);
  CHECK(x == vector<float>(6, 1.0f));
  CHECK(y == vector<float>(5, 7.0f));
}

TEMPLATE_TEST_CASE("the gradient of sparsemax", "", float, double) {
  using T = TestType;
  constexpr double epsilon = std::numeric_limits<T>::epsilon();
  for (const std::size_t n : std::initializer_list<std::size_t>{1, 5, 31, 64, 1500}) {
    const vector<T> x = spread<T>(-2, 2, n), dy = spread<T>(-3, 3, n);
    const vector<T> y = sparsemax(x);
    long double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += y[i] > 0 ? static_cast<long double>(dy[i]) : 0;
      count += y[i] > 0;
    }
    const long double mean = sum / static_cast<long double>(count);
    vector<T> dx(n, T(7));
    xact::backward_from_output(xact::sparsemax, y, dy, dx);
    findings found;
    for (std::size_t i = 0; i < n; ++i) {
      const long double want = y[i] > 0 ? static_cast<long double>(dy[i]) - mean : 0;
      const auto error = static_cast<double>(std::abs(static_cast<long double>(dx[i]) - want));
      if (!(y[i] > 0 ? error <= 6 * epsilon : dx[i] == 0))
        found.add(show(static_cast<double>(x[i])), error);
    }
    CHECK(found.report() == "");
    vector<T> in_y = y, in_dy = dy;
    xact::backward_from_output(xact::sparsemax, in_y, dy, in_y);
    CHECK(in_y == dx);
    xact::backward_from_output(xact::sparsemax, xact::rows(y, n), xact::rows(in_dy, n), xact::rows(in_dy, n));
    CHECK(in_dy == dx);
  }
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const vector<T> y = {T(0.5), T(0.5), 0, nan, nan, nan}, dy = {1, 2, nan, 1, 2, 3};
  vector<xact::bfloat16> dx(6);
  xact::backward_from_output(xact::sparsemax, xact::rows(y, 3), xact::rows(dy, 3), xact::rows(dx, 3));
  CHECK(equal(dx, rounded<xact::bfloat16>({-0.5, 0.5, 0, NAN, NAN, NAN})));
}
