#include <xact/softmax.hpp>

#include "row_function.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <numeric>
#include <xact/xact.hpp>

using std::vector;

TEST_CASE("softmax") { check_row_function(xact::softmax, &reference::row_truth::softmax); }

TEMPLATE_TEST_CASE("softmax at NaN and infinities", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const auto f = [](vector<T> row) { return result_of<T>(xact::softmax, row); };
  CHECK(same_rows(f({1, nan, 2}), {nan, nan, nan}));
  CHECK(same_rows(f({inf, nan, -inf}), {nan, nan, nan}));
  CHECK(same_rows(f({1, inf, 2}), {0, 1, 0}));
  CHECK(same_rows(f({inf, inf, -inf, inf}), {T(1) / 3, T(1) / 3, 0, T(1) / 3}));
  CHECK(same_rows(f({-inf, 5, -inf}), {0, 1, 0}));
  CHECK(same_rows(f({-inf, 5, 5}), {0, 0.5, 0.5}));
  CHECK(same_rows(f({-inf, -inf}), {nan, nan}));
  CHECK(same_rows(f({-inf}), {nan}));
  CHECK(same_rows(f({}), {}));
  CHECK(same_rows(f({std::numeric_limits<T>::lowest()}), {1}));
  CHECK(same_rows(f({std::numeric_limits<T>::max(), 0}), {1, 0}));
  // The same in the middle of a long row, where vectors are full.
  for (const T odd : {nan, inf}) {
    vector<T> row(1000, T(1));
    row[617] = odd;
    const vector<T> y = f(row);
    const T elsewhere = std::isnan(odd) ? nan : 0;
    CHECK(std::count_if(y.begin(), y.end(), [&](T v) { return same(v, elsewhere); }) == (std::isnan(odd) ? 1000 : 999));
  }
}

TEST_CASE("softmax of 2^20 columns") {
  for (const std::size_t kind : std::initializer_list<std::size_t>{0, 4}) { // N(0,3), and one 0 among -27.9
    const vector<float> row = kinds_of_row<float>(1 << 20)[kind];
    const auto check = [&](const auto &f, double limit) {
      CHECK(row_within_limit(row_subject<float>(f), &reference::row_truth::softmax, limit, row) == "");
    };
    check(xact::softmax, 3);
    check(xact::fast(xact::softmax), 16);
    check(xact::exact(xact::softmax), 0.51);
  }
}

TEST_CASE("softmax sums to 1") {
  for (const auto &row : kinds_of_row<float>(1'000'000)) {
    const vector<float> y = result_of<float>(xact::softmax, row);
    CHECK_THAT(std::accumulate(y.begin(), y.end(), 0.0), Catch::Matchers::WithinAbs(1, 1e-6));
  }
}

TEST_CASE("rows of softmax are softmax of rows") {
  const auto [columns, stride] =
      GENERATE(table<std::size_t, std::size_t>({{1, 1}, {5, 5}, {37, 37}, {37, 40}, {64, 65}}));
  CAPTURE(columns, stride);
  constexpr std::size_t count = 7;
  vector<float> in = spread<float>(-9, 9, (count - 1) * stride + columns);
  in[2 * stride] = NAN; // harms row 2 only
  vector<float> expected(in.size(), -7);
  for (std::size_t i = 0; i < count; ++i) {
    xact::softmax(std::span(in).subspan(i * stride, columns), std::span(expected).subspan(i * stride, columns));
  }
  vector<float> out(in.size(), -7);
  xact::softmax(xact::rows(in, columns, stride), xact::rows(out, columns, stride));
  CHECK(same_rows(out, expected)); // and -7 in the gaps
  vector<float> inout = in;
  xact::softmax(xact::rows(inout, columns, stride));
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i % stride >= columns)
      expected[i] = in[i];
  }
  CHECK(same_rows(inout, expected));
}

TEST_CASE("softmax takes any contiguous range") {
  const std::array<float, 3> in = {0, 0, -INFINITY};
  const vector<float> want = {0.5f, 0.5f, 0};
  vector<float> out(3);
  float c_array[3];
  xact::softmax(in, out);
  CHECK(out == want);
  xact::softmax(in, c_array);
  CHECK(std::ranges::equal(c_array, want));
  xact::softmax(std::span<const float, 3>(in), std::span<float>(out));
  CHECK(out == want);
  vector<double> wide(3);
  xact::softmax(in, wide);
  CHECK(wide[1] == 0.5);
}

template <class F, class... Args> constexpr bool compiles = requires(const F &f, Args &...args) { f(args...); };

TEST_CASE("softmax of integers, and exact softmax of double, do not compile") {
  using softmax = decltype(xact::softmax);
  using exact_softmax = decltype(xact::exact(xact::softmax));
  STATIC_REQUIRE(compiles<softmax, const vector<float>, vector<float>>);
  STATIC_REQUIRE(compiles<softmax, vector<double>>);
  STATIC_REQUIRE(compiles<exact_softmax, vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<softmax, const vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<softmax, vector<int>>);
  STATIC_REQUIRE_FALSE(compiles<softmax, float>);
  STATIC_REQUIRE_FALSE(compiles<exact_softmax, vector<double>>);
}
