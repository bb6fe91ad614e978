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
  refuses(all.first(14), seven, all.subspan(1, 14), "56", "56");
  refuses(all.first(14), all.subspan(20, 7), all.subspan(14, 14), "28", "56"); // slopes in the output
}
