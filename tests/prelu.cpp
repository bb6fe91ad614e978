#include <xact/columns.hpp>
#include <xact/float16.hpp>
#include <xact/prelu.hpp>

#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

template <class T> static std::vector<T> slopes_of(std::size_t columns) {
  std::vector<T> result(columns);
  for (std::size_t c = 0; c < columns; ++c)
    result[c] = static_cast<T>(0.01f + 0.37f * static_cast<float>(c % 7) - 0.5f * static_cast<float>(c % 3));
  return result;
}

TEMPLATE_TEST_CASE("prelu multiplies by the column's slope", "", float, double) {
  using T = TestType;
  for (const std::size_t columns : {1u, 2u, 3u, 5u, 16u, 31u, 64u, 100u, 127u, 128u, 129u, 1000u}) {
    CAPTURE(columns);
    const std::vector<T> slopes = slopes_of<T>(columns);
    for (const std::size_t rows : {1u, 2u, 3u, 7u, 130u}) {
      CAPTURE(rows);
      std::vector<T> x = spread<T>(-5, 5, rows * columns);
      x.front() = T(-0.0);
      x.back() = std::numeric_limits<T>::quiet_NaN();
      std::vector<T> want(x.size());
      for (std::size_t i = 0; i < x.size(); ++i)
        want[i] = x[i] < 0 ? x[i] * slopes[i % columns] : x[i];
      std::vector<T> y(x.size());
      xact::prelu(x, slopes, y);
      CHECK(std::equal(y.begin(), y.end(), want.begin(), same<T>));
      xact::prelu(x, slopes, x);
      CHECK(std::equal(x.begin(), x.end(), want.begin(), same<T>));
    }
  }
}

TEST_CASE("prelu of mixed types is rounded once") {
  const std::vector<float> x = spread<float>(-60000, 60000, 3000);
  const std::vector<float> slopes = slopes_of<float>(3);
  std::vector<xact::float16> narrow(x.size());
  std::vector<double> wide(x.size());
  xact::prelu(x, slopes, narrow);
  xact::prelu(x, slopes, wide);
  findings found;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double want =
        x[i] < 0 ? static_cast<double>(x[i]) * static_cast<double>(slopes[i % 3]) : static_cast<double>(x[i]);
    if (wide[i] != want || narrow[i] != static_cast<xact::float16>(want))
      found.add(show(x[i]));
  }
  CHECK(found.report() == "");
}

TEST_CASE("prelu of nothing") {
  std::vector<float> none;
  const std::vector<float> slopes = {0.5f, 0.25f};
  CHECK_NOTHROW(xact::prelu(none, slopes, none));
  CHECK_NOTHROW(xact::prelu(none, none, none));
}

TEST_CASE("prelu refuses what does not fit, and writes nothing") {
  std::vector<float> data(60, -1.0f);
  const std::vector<float> original = data;
  const std::vector<float> slopes(7, 0.5f);
  const std::span<float> all = data;
  const auto refuses = [&](auto in, auto with, auto out, const char *a, const char *b) {
    try {
      xact::prelu(in, with, out);
      FAIL_CHECK("accepted");
    } catch (const std::invalid_argument &error) {
      const std::string message = error.what();
      CAPTURE(message);
      CHECK(message.find(a) != message.npos);
      CHECK(message.find(b) != message.npos);
    }
    CHECK(data == original);
  };
  const std::span<const float> seven = slopes;
  refuses(all.first(14), seven, all.last(21), "14", "21");
  refuses(all.first(15), seven, all.last(15), "15", "7");
  refuses(all.first(14), seven.first(0), all.last(14), "14", "0");
  refuses(all.first(14), seven, all.subspan(1, 14), "14", "overlap");
  refuses(all.first(14), all.subspan(20, 7), all.subspan(14, 14), "7", "overlap"); // slopes in the output
  refuses(xact::rows(all, 6), seven, xact::rows(all, 6), "6", "7");
  refuses(xact::columns(all, 5, 6), seven, xact::columns(all, 5, 6), "30", "7");
  refuses(xact::columns(all, 5, 4), seven.first(4), xact::columns(all, 4, 5), "5", "4");
  refuses(xact::columns(all, 5, 4), seven.first(4), xact::columns(all.first(40), 5, 4), "3", "2");
  const auto refuses_back = [&](auto x, auto with, auto dy, auto dx, auto sums) {
    CHECK_THROWS_AS(xact::backward(xact::prelu, x, with, dy, dx, sums), std::invalid_argument);
    CHECK(data == original);
  };
  std::vector<float> sums(7, -1.0f);
  refuses_back(all.first(14), seven, all.first(21), all.first(14), std::span(sums));
  refuses_back(all.first(14), seven, all.subspan(7, 14), all.first(14), std::span(sums));
  refuses_back(all.first(14), seven, all.first(14), all.first(14), std::span(sums).first(6));
  refuses_back(all.first(14), seven, all.first(14), all.first(14), all.subspan(7, 7));
  refuses_back(all.first(14), std::span(sums), all.first(14), all.first(14), std::span(sums));
  CHECK(sums == std::vector<float>(7, -1.0f));
}

namespace {

/// Which slope element i has, by rows of `height` channels of `width` elements.
struct layout {
  std::size_t count, height, width;
  std::size_t size() const { return count * height * width; }
  std::size_t slope(std::size_t i) const { return i / width % height; }
};
constexpr layout layouts[] = {{1, 1, 1},  {3, 5, 1},    {40, 33, 1}, {2, 300, 1}, {5, 3, 7},
                              {1, 4, 64}, {2, 3, 1500}, {7, 1, 100}, {0, 4, 4},   {3, 2, 0}};

/// prelu and its gradient by both forms that lay out so.
template <class In, class Out> void check_layout(const layout &l) {
  const auto number = [](std::size_t i) { return static_cast<float>(i * 2654435761u % 2001) / 512 - 2; };
  std::vector<In> x(l.size()), dy(l.size());
  std::vector<float> slopes(l.height);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<In>(number(i) < -1.9f ? 0.0f : number(i));
    dy[i] = static_cast<In>(number(3 * i + 1));
  }
  for (std::size_t i = 0; i < slopes.size(); ++i)
    slopes[i] = number(7 * i + 5) / 8;
  std::vector<Out> y(x.size()), dx(x.size()), want_y(x.size()), want_dx(x.size());
  std::vector<double> sums(l.height), want_sums(l.height);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto of = static_cast<double>(x[i]), g = static_cast<double>(dy[i]);
    const auto slope = static_cast<double>(slopes[l.slope(i)]);
    want_y[i] = static_cast<Out>(of > 0 ? of : of * slope);
    want_dx[i] = static_cast<Out>(of > 0 ? g : g * slope);
    want_sums[l.slope(i)] += of > 0 ? 0 : of * g; // exact: few bits
  }
  xact::prelu(xact::columns(x, l.width, l.height), slopes, xact::columns(y, l.width, l.height));
  xact::backward(xact::prelu, xact::columns(x, l.width, l.height), slopes, xact::columns(dy, l.width, l.height),
                 xact::columns(dx, l.width, l.height), sums);
  CHECK((y == want_y && dx == want_dx && sums == want_sums));
  if (l.width != 1)
    return;
  for (const bool flat : {true, false}) {
    std::ranges::fill(y, static_cast<Out>(7.0f));
    std::ranges::fill(dx, static_cast<Out>(7.0f));
    std::ranges::fill(sums, 7);
    if (flat) {
      xact::prelu(x, slopes, y);
      xact::backward(xact::prelu, x, slopes, dy, dx, sums);
    } else {
      xact::prelu(xact::rows(x, l.height), slopes, xact::rows(y, l.height));
      xact::backward(xact::prelu, xact::rows(x, l.height), slopes, xact::rows(dy, l.height), xact::rows(dx, l.height),
                     sums);
    }
    CHECK((y == want_y && dx == want_dx && sums == want_sums));
  }
}

} // namespace

TEST_CASE("prelu and its gradient, a slope a column or a channel") {
  for (const layout &l : layouts) {
    CAPTURE(l.count, l.height, l.width);
    check_layout<float, float>(l);
    check_layout<double, double>(l);
    check_layout<xact::bfloat16, float>(l);
    check_layout<float, xact::float16>(l);
  }
}

TEST_CASE("prelu of rows with gaps, in place, and of one slope for all") {
  std::vector<float> x(3 * 10, -1.0f), sum(1);
  xact::prelu(xact::rows(x, 4, 10), std::vector{0.5f, 0.25f, 2.0f, 1.0f}, xact::rows(x, 4, 10));
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(x[i] == (i % 10 == 0 ? -0.5f : i % 10 == 1 ? -0.25f : i % 10 == 2 ? -2 : -1));
  std::vector<float> dy(30, 3.0f);
  xact::backward(xact::prelu, xact::rows(x, 4, 10), std::vector{0.5f}, xact::rows(dy, 4, 10), xact::rows(x, 4, 10),
                 sum);
  CHECK(sum[0] == 3 * 3 * (-0.5f - 0.25f - 2 - 1));
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(x[i] == (i % 10 < 4 ? 1.5f : -1));
}

TEST_CASE("the gradient of prelu at NaN, at 0 and above") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const std::vector<float> x = {nan, 0, inf, 2, -0.0f, -inf}, dy = {1, 1, -inf, nan, 4, 1}, slopes(6, 0.5f);
  std::vector<float> dx(6), sums(6);
  xact::backward(xact::prelu, x, slopes, dy, dx, sums);
  CHECK((std::isnan(dx[0]) && dx[1] == 0.5f && dx[2] == -inf && std::isnan(dx[3]) && dx[4] == 2 && dx[5] == 0.5f));
  CHECK((std::isnan(sums[0]) && sums[1] == 0 && sums[2] == 0 && sums[3] == 0 && sums[4] == 0 && sums[5] == -inf));
}
