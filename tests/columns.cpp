#include <xact/columns.hpp>

#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>
#include <xact/log_softmax.hpp>
#include <xact/quantize.hpp>
#include <xact/rows.hpp>
#include <xact/softmax_quantized.hpp>
#include <xact/softmin.hpp>
#include <xact/sparsemax.hpp>

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
    for (std::size_t r = 0; width > 20 && r < height; ++r) // far rows, which calls without options count from afar
      x[r * width + 11] = In(-2e9f - 256.f * static_cast<float>(random() % 3)), x[r * width + 12] = In(1e17f);
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
  check_columns<float, float>(xact::softmin);
  check_columns<float, float>(xact::sparsemax);
  check_columns<xact::float16, double>(xact::sparsemax);
}

namespace {

/// Each code within 0.51 of the probability, and held at the last.
template <class In, class Code> void check_codes(std::size_t rows, std::size_t columns, xact::softmax_options o = {}) {
  constexpr int first = std::is_signed_v<Code> ? -128 : 0;
  std::mt19937 random(static_cast<unsigned>(rows + columns));
  std::normal_distribution<float> normal(0, 3);
  vector<In> x(rows * columns);
  for (In &v : x)
    v = In(random() % 20 == 0 ? -INFINITY : normal(random));
  vector<float> wide(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    wide[i] = static_cast<float>(x[i]);
  vector<float> p(x.size());
  xact::softmax(xact::rows(wide, columns), xact::rows(p, columns), o);
  for (const xact::quantization &q :
       {xact::quantization{.scale = 1 / 256.f, .zero_point = first},
        xact::quantization{.scale = 0.003f, .zero_point = 7},
        xact::quantization{.scale = 1e-5f, .zero_point = first + 255}, xact::quantization{.scale = 1e-42f},
        xact::quantization{.scale = 1e38f, .zero_point = 3}}) {
    const std::size_t stride = columns + 3;
    vector<Code> y((rows - 1) * stride + columns, 77);
    xact::softmax(xact::rows(x, columns), xact::rows(y, columns, stride), q, o);
    double worst = 0;
    bool gaps_are_untouched = true;
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (i % stride >= columns) {
        gaps_are_untouched = gaps_are_untouched && y[i] == 77;
        continue;
      }
      const auto probability = static_cast<double>(p[i / stride * columns + i % stride]);
      const double code = probability / static_cast<double>(q.scale) + q.zero_point;
      worst = std::max(worst, std::abs(std::min(code, first + 255.) - y[i]));
    }
    CAPTURE(rows, columns, q.scale, q.zero_point);
    CHECK(worst <= 0.51);
    CHECK(gaps_are_untouched);
  }
}

} // namespace

TEST_CASE("softmax into codes of a quantization: within 0.51 of a code") {
  for (const auto &[rows, columns] : std::initializer_list<std::pair<std::size_t, std::size_t>>{
           {1, 1}, {3, 7}, {40, 64}, {5, 130}, {3, 1000}, {2, 4097}, {1, 20000}}) {
    check_codes<float, std::int8_t>(rows, columns);
    check_codes<float, std::int8_t>(rows, columns, {.scale = -0.3});
    check_codes<xact::float16, std::uint8_t>(rows, columns, {.softcap = 3, .causal = true, .offset = 2, .sink = 1});
  }
  constexpr xact::quantization tflite{.scale = 1 / 256.f, .zero_point = -128};
  constexpr float inf = INFINITY;
  const auto codes = [&](const vector<float> &row, const xact::softmax_options &o = {}) {
    vector<std::int8_t> y(row.size(), 1);
    xact::softmax(row, y, tflite, o);
    return y;
  };
  using row = vector<std::int8_t>;
  CHECK(codes({0, 1, 3}) == row{-117, -99, 88});
  CHECK(codes({5, -inf}) == row{127, -128});      // 256 is held
  CHECK(codes({inf, 2, inf}) == row{0, -128, 0}); // 1/2 each
  CHECK(codes({1, NAN}) == row{-128, -128});      // the zero point, as quantize gives
  CHECK(codes({-inf, -inf}) == row{-128, -128});
  CHECK(codes({1e30f, 1e30f, 1}) == row{0, 0, -128});
  CHECK(codes({2e5f, 2e5f - 1}) == row{59, -59});
  vector<std::uint8_t> y(3, 9);
  xact::accurate(xact::softmin)(vector<float>{0, 1, 3}, y, xact::quantization{.scale = 1 / 256.f});
  CHECK(y == vector<std::uint8_t>{181, 66, 9});
  const vector<float> x(3);
  CHECK_THROWS_AS(xact::softmax(x, y, xact::quantization{.scale = 0}), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(x, y, xact::quantization{.zero_point = -1}), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(x, std::span(y).first(2), xact::quantization{}), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(x, y, xact::quantization{}, {.scale = NAN}), std::invalid_argument);
  CHECK(y == vector<std::uint8_t>{181, 66, 9});
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
  CHECK_THROWS_AS(xact::sparsemax(xact::columns(x, 4, 3), xact::columns(y, 3, 4)), std::invalid_argument);
  CHECK(y == before);
}
