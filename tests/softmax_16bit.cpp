// Rows of 16-bit numbers, in and out: half an ULP of their own type, and the same bits on every ISA.

#include "checks/rows.hpp"
#include "reference/softmax.hpp"
#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/exact.hpp>
#include <xact/float16.hpp>
#include <xact/log_softmax.hpp>
#include <xact/logsumexp.hpp>
#include <xact/softmax.hpp>
#include <xact/softmax_backward.hpp>

using std::vector;
using xact::bfloat16, xact::float16;

namespace {

/// The spacing of a type's numbers at x.
template <class T> double ulp(double x) {
  constexpr bool half = std::is_same_v<T, float16>;
  constexpr int digits = half ? 11 : std::is_same_v<T, bfloat16> ? 8 : 24;
  const int exponent = std::max(x == 0 ? -2000 : std::ilogb(x), half ? -14 : -126);
  return std::ldexp(1.0, exponent - digits + 1);
}

template <class T> vector<double> values(const vector<T> &row) {
  vector<double> result(row.size());
  for (std::size_t i = 0; i < row.size(); ++i)
    result[i] = static_cast<double>(static_cast<float>(row[i]));
  return result;
}

/// The largest error of an element, in ULP of Out.
template <class Out, class F, class In> double worst(const F &f, element_truth truth, const vector<In> &row) {
  vector<Out> y(row.size());
  f(row, y);
  const vector<double> xs = values(row);
  const reference::row_truth sum{std::span<const double>(xs)};
  double most = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double want = (sum.*truth)(xs[i]).value.hi;
    const double got = static_cast<double>(static_cast<float>(y[i]));
    const double error = got == want ? 0 : std::abs(got - want) / ulp<Out>(want);
    most = error <= most ? most : error; // NaN too
  }
  return most;
}

template <class In, class Out, class F> void check_types(const F &f, element_truth truth, double limit) {
  for (const std::size_t columns : std::initializer_list<std::size_t>{1, 5, 33, 1000, 9001}) {
    for (const vector<float> &row : kinds_of_row<float>(columns)) {
      const vector<In> in(row.begin(), row.end());
      const float largest = *std::max_element(in.begin(), in.end());
      if (std::isinf(largest))
        continue; // 1e30 in float16
      CAPTURE(columns, row[0]);
      CHECK(worst<Out>(f, truth, in) <= limit);
    }
  }
}

} // namespace

TEST_CASE("softmax of float16") { check_types<float16, float16>(xact::softmax, &reference::row_truth::softmax, 0.51); }
TEST_CASE("softmax of bfloat16") {
  check_types<bfloat16, bfloat16>(xact::softmax, &reference::row_truth::softmax, 0.51);
}
TEST_CASE("softmax of float, to bfloat16") {
  check_types<float, bfloat16>(xact::softmax, &reference::row_truth::softmax, 0.51);
}
TEST_CASE("softmax of float16, to float") {
  check_types<float16, float>(xact::softmax, &reference::row_truth::softmax, 3);
}
TEST_CASE("log_softmax of float16") {
  check_types<float16, float16>(xact::log_softmax, &reference::row_truth::log_softmax, 0.51);
}
TEST_CASE("log_softmax of float, to bfloat16") {
  check_types<float, bfloat16>(xact::log_softmax, &reference::row_truth::log_softmax, 0.51);
}

TEST_CASE("softmax of 2^20 columns of 16 bits") {
  vector<float> row = kinds_of_row<float>(1 << 20)[0];
  const vector<float16> half(row.begin(), row.end());
  const vector<bfloat16> brain(row.begin(), row.end());
  CHECK(worst<float16>(xact::softmax, &reference::row_truth::softmax, half) <= 0.51);
  CHECK(worst<bfloat16>(xact::softmax, &reference::row_truth::softmax, brain) <= 0.51);
  vector<float> wide(row.size());
  xact::softmax(half, wide);
  double sum = 0;
  for (const float y : wide)
    sum += static_cast<double>(y);
  CHECK(std::abs(sum - 1) < 1e-6);
}

TEST_CASE("rows of 16 bits in every form") {
  vector<float16> x;
  for (const float v : spread<float>(-9, 9, 7 * 45))
    x.push_back(v);
  x[3 * 45 + 44] = NAN;
  for (std::size_t i = 0; i < 45; ++i)
    x[4 * 45 + i] = -HUGE_VALF;
  x[5 * 45 + 7] = HUGE_VALF;
  vector<float16> y(x.size(), float16(7.0f));
  xact::softmax(xact::rows(x, 43, 45), xact::rows(y, 43, 45), {.on_empty_row = xact::empty_row::zero});
  for (std::size_t i = 0; i < 7; ++i) {
    const auto in = std::span(x).subspan(i * 45, 43);
    vector<float16> one(43);
    xact::softmax(in, one, {.on_empty_row = xact::empty_row::zero});
    for (std::size_t k = 0; k < 45; ++k) {
      const float want = k >= 43 ? 7 : i == 3 && k == 43 ? NAN : static_cast<float>(one[k % 43]);
      CHECK(same(static_cast<float>(y[i * 45 + k]), want));
    }
  }
  CHECK(static_cast<float>(y[4 * 45]) == 0);
  CHECK(static_cast<float>(y[5 * 45 + 7]) == 1);

  vector<float16> apart(x.size());
  xact::softmax(xact::rows(x, 45), xact::rows(apart, 45));
  xact::softmax(xact::rows(x, 45)); // in place
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(same(static_cast<float>(x[i]), static_cast<float>(apart[i])));
  CHECK(std::isnan(static_cast<float>(x[3 * 45])));
}

TEST_CASE("softmax of 16 bits, and exact softmax, have the same bits on every ISA") {
  std::mt19937_64 random(5);
  std::uint64_t hash = 0;
  const auto take = [&](const auto &row) {
    for (const auto x : row)
      hash = (hash ^ bits(static_cast<float>(x))) * 0x9e3779b97f4a7c15 >> 3;
  };
  const auto uniform = [&](double from, double to) {
    return from + (to - from) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  for (const auto &[columns, width] : {std::pair(4099, 4.), {33, 20.}, {700, 90.}, {5000, 0.5}}) {
    vector<float> x(static_cast<std::size_t>(columns));
    vector<float> mask(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(uniform(-width, width));
      mask[i] = random() % 9 == 0 ? -HUGE_VALF : static_cast<float>(uniform(-3, 0));
    }
    vector<float16> half(x.begin(), x.end());
    vector<bfloat16> brain(x.begin(), x.end());
    for (const xact::softmax_options &options :
         {xact::softmax_options{}, {.scale = 0.3, .mask = mask}, {.scale = 1.1, .softcap = 7, .sink = 0.7}}) {
      vector<float16> to_half(x.size());
      vector<bfloat16> to_brain(x.size());
      xact::softmax(half, to_half, options);
      take(to_half);
      xact::softmax(brain, to_brain, options);
      take(to_brain);
      xact::softmax(x, to_brain, options);
      take(to_brain);
      xact::log_softmax(half, to_half, options);
      take(to_half);
      xact::log_softmax(x, to_brain, options);
      take(to_brain);
      vector<float> y(x.size());
      xact::exact(xact::softmax)(x, y, options);
      take(y);
      xact::exact(xact::log_softmax)(x, y, options);
      take(y);
    }
  }
  CHECK(hash == 0x9132b5625096ef1);
}
