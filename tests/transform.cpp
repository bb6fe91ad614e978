// transform: the caller's own kernel over one to four inputs.

#include <xact/rows.hpp>
#include <xact/transform.hpp>

#include "values.hpp"

#include <algorithm>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <span>
#include <stdexcept>
#include <xact/float16.hpp>
#include <xact/float8.hpp>
#include <xact/relu.hpp>
#include <xact/silu.hpp>

namespace {

using floats = std::vector<float>;

const floats a = spread<float>(-8, 8, 1000);
const floats b = spread<float>(-3, 3, 1000);
const floats c = spread<float>(-1, 1, 1000);
const floats d = spread<float>(-20, 20, 1000);

constexpr auto silu_of_sum = [](auto v, auto bias) { return xact::silu(v + bias); };

/// The results that are not `want(i)`.
template <class R, class Want> std::string different(const R &results, const Want &want) {
  findings found;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!same(static_cast<double>(results[i]), static_cast<double>(want(i))))
      found.add("at " + std::to_string(i) + ": " + show(static_cast<double>(results[i])) + ", not " +
                show(static_cast<double>(want(i))));
  }
  return found.report();
}

} // namespace

TEST_CASE("one to four inputs, each element by itself") {
  floats y(a.size());
  xact::transform([](auto v) { return v * decltype(v)(0.5f); }, a, y);
  CHECK(different(y, [](std::size_t i) { return a[i] * 0.5f; }) == "");
  xact::transform([](auto v, auto w) { return v - w; }, a, b, y);
  CHECK(different(y, [](std::size_t i) { return a[i] - b[i]; }) == "");
  xact::transform([](auto v, auto w, auto x) { return (v - w) * x; }, a, b, c, y);
  CHECK(different(y, [](std::size_t i) { return (a[i] - b[i]) * c[i]; }) == "");
  xact::transform([](auto v, auto w, auto x, auto z) { return (v - w) * (x - z); }, a, b, c, d, y);
  CHECK(different(y, [](std::size_t i) { return (a[i] - b[i]) * (c[i] - d[i]); }) == "");
}

TEST_CASE("an activation inside is the activation, to the bit") {
  floats y(a.size());
  xact::transform(silu_of_sum, a, b, y);
  CHECK(different(y, [](std::size_t i) { return xact::silu(a[i] + b[i]); }) == "");
  const float scale = 0.75f; // a kernel with state
  xact::transform([scale](auto v, auto w) { return xact::silu(v) * (w * decltype(v)(scale)); }, a, b, y);
  CHECK(different(y, [&](std::size_t i) { return xact::silu(a[i]) * (b[i] * scale); }) == "");
}

TEST_CASE("any contiguous ranges: spans, arrays, C arrays") {
  const std::array<float, 3> in = {1, -2, 3};
  float bias[3] = {1, 1, 1};
  std::array<float, 3> out = {};
  xact::transform([](auto v, auto w) { return v + w; }, in, std::span<const float>(bias), out);
  CHECK(out == std::array<float, 3>{2, -1, 4});
  xact::transform([](auto v) { return -v; }, in, bias);
  CHECK(std::ranges::equal(bias, std::array<float, 3>{-1, 2, -3}));
}

TEST_CASE("in place of any input") {
  floats want(a.size());
  xact::transform(silu_of_sum, a, b, want);
  floats first = a;
  xact::transform(silu_of_sum, first, b, first);
  CHECK(first == want);
  floats second = b;
  xact::transform(silu_of_sum, a, second, second);
  CHECK(second == want);
  floats both = a;
  xact::transform([](auto v, auto w) { return v * w; }, both, both, both);
  CHECK(different(both, [](std::size_t i) { return a[i] * a[i]; }) == "");
}

TEST_CASE("mixed element types: computed in the widest, rounded once") {
  std::vector<xact::float16> half(a.size());
  std::vector<double> wide(a.size());
  std::vector<xact::bfloat16> brain(a.size());
  std::vector<xact::float8_e5m2> byte(a.size());
  std::ranges::transform(a, half.begin(), [](float x) { return xact::float16(x); });
  std::ranges::transform(b, wide.begin(), [](float x) { return double(x) * (1 + 0x1p-40); });
  std::ranges::transform(c, brain.begin(), [](float x) { return xact::bfloat16(x); });
  std::ranges::transform(d, byte.begin(), [](float x) { return xact::float8_e5m2(x); });
  const auto h = [&](std::size_t i) { return static_cast<float>(half[i]); };
  const auto r = [&](std::size_t i) { return static_cast<float>(brain[i]); };
  const auto e = [&](std::size_t i) { return static_cast<float>(byte[i]); };
  const auto product = [](auto v, auto w) { return v * w; };

  floats y(a.size());
  xact::transform(product, half, brain, y);
  CHECK(different(y, [&](std::size_t i) { return h(i) * r(i); }) == "");
  std::vector<xact::float16> small(a.size());
  xact::transform(product, half, brain, small);
  CHECK(different(small, [&](std::size_t i) { return static_cast<float>(xact::float16(h(i) * r(i))); }) == "");
  std::vector<double> z(a.size());
  xact::transform(product, half, wide, z); // in double, because one range holds double
  CHECK(different(z, [&](std::size_t i) { return static_cast<double>(h(i)) * wide[i]; }) == "");
  xact::transform(product, wide, wide, y);
  CHECK(different(y, [&](std::size_t i) { return static_cast<float>(wide[i] * wide[i]); }) == "");
  xact::transform([](auto v, auto w, auto x, auto u) { return (v + w) + (x + u); }, half, brain, byte, a, z);
  CHECK(different(z, [&](std::size_t i) {
          return (static_cast<double>(h(i)) + static_cast<double>(r(i))) +
                 (static_cast<double>(e(i)) + static_cast<double>(a[i]));
        }) == "");
  xact::transform(product, half, half, half);
  CHECK(different(half, [&](std::size_t i) {
          const auto x = static_cast<float>(xact::float16(a[i]));
          return static_cast<float>(xact::float16(x * x));
        }) == "");
}

TEST_CASE("an element's bits do not depend on its place, and nothing beside the output is written") {
  floats whole(a.size());
  xact::transform(silu_of_sum, a, b, whole);
  findings found;
  for (std::size_t n = 0; n <= 130; ++n) {
    for (const std::size_t offset : {n % 17, n % 16 * 3}) {
      floats out(n + 20, -7.0f);
      const std::size_t to = 1 + n % 16;
      xact::transform(silu_of_sum, std::span(a).subspan(offset, n), std::span(b).subspan(offset, n),
                      std::span(out).subspan(to, n));
      if (!std::equal(out.begin() + static_cast<std::ptrdiff_t>(to), out.begin() + static_cast<std::ptrdiff_t>(to + n),
                      whole.begin() + static_cast<std::ptrdiff_t>(offset), same<float>))
        found.add("results of " + std::to_string(n));
      if (out[to - 1] != -7 || out[to + n] != -7)
        found.add("written beside " + std::to_string(n));
    }
  }
  CHECK(found.report() == "");
}

TEST_CASE("NaN stays in its element") {
  floats x = a;
  x[17] = std::numeric_limits<float>::quiet_NaN();
  floats y(x.size());
  xact::transform(silu_of_sum, x, b, y);
  CHECK(std::isnan(y[17]));
  CHECK(std::ranges::count_if(y, [](float v) { return std::isnan(v); }) == 1);
}

TEST_CASE("transform refuses what does not fit, says the sizes, and writes nothing") {
  floats data = a;
  const floats original = data;
  const std::span<float> all = data;
  const auto refuses = [&](const auto &call, const char *one, const char *other) {
    try {
      call();
      FAIL_CHECK("accepted");
    } catch (const std::invalid_argument &error) {
      const std::string message = error.what();
      CAPTURE(message);
      CHECK(message.find(one) != message.npos);
      CHECK(message.find(other) != message.npos);
    }
    CHECK(data == original);
  };
  const auto sum = [](auto v, auto... rest) { return (v + ... + rest); };
  const auto out = all.last(40);
  const auto good = all.first(40);
  refuses([&] { xact::transform(sum, all.first(39), out); }, "39", "40");
  refuses([&] { xact::transform(sum, good, all.first(41), out); }, "41", "40");
  refuses([&] { xact::transform(sum, good, good, all.first(38), out); }, "38", "40");
  refuses([&] { xact::transform(sum, good, good, good, all.first(37), out); }, "37", "40");
  refuses([&] { xact::transform(sum, good, all.subspan(961 - 1, 40), all.subspan(961, 39)); }, "40", "39");
  refuses([&] { xact::transform(sum, good, all.subspan(980 - 35, 40), out); }, "40 elements", "overlap");
  refuses([&] { xact::transform(sum, all.subspan(959, 40), good, good, good, out); }, "40 elements", "overlap");
  const std::span<const std::uint16_t> halves(reinterpret_cast<const std::uint16_t *>(out.data()), 40);
  refuses([&] { xact::transform(sum, xact::as_float16(halves), good, out); }, "40 elements", "overlap");
  CHECK_NOTHROW(xact::transform(sum, all.first(0), all.first(0), all.first(0)));
}

TEST_CASE("two outputs, six inputs, rows with gaps") {
  floats y(a.size()), z(a.size());
  xact::transform([](auto v, auto w) { return std::pair(v + w, v - w); }, a, b, xact::outputs(y, z));
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(y[i] == a[i] + b[i]);
    CHECK(z[i] == a[i] - b[i]);
  }
  xact::transform([](auto p, auto q, auto r, auto s, auto t, auto u) { return ((p + q) + (r + s)) + (t + u); }, a, b, a,
                  b, a, b, z);
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(z[i] == ((a[i] + b[i]) + (a[i] + b[i])) + (a[i] + b[i]));

  // Rows of 5, 8 apart, to rows of 5, 6 apart; the gaps are not touched. And from one half of a matrix to the other.
  floats to(6 * 12 - 1, 77.0f);
  xact::transform([](auto v) { return -v; }, xact::rows(std::span(a).first(12 * 8 - 3), 5, 8), xact::rows(to, 5, 6));
  for (std::size_t i = 0; i < to.size(); ++i)
    CHECK(to[i] == (i % 6 == 5 ? 77.0f : -a[i / 6 * 8 + i % 6]));
  floats matrix = a;
  matrix.resize(100);
  const floats before = matrix;
  const std::span<float> all = matrix;
  xact::transform([](auto v) { return v + v; }, xact::rows(all.first(95), 5, 10), xact::rows(all.subspan(5), 5, 10));
  for (std::size_t i = 0; i < 100; ++i)
    CHECK(matrix[i] == (i % 10 < 5 ? before[i] : 2 * before[i - 5]));
  const auto same = [](auto v) { return v; };
  CHECK_THROWS_AS(xact::transform(same, xact::rows(all.first(95), 5, 10), xact::rows(all.subspan(4, 95), 5, 10)),
                  std::invalid_argument);
  CHECK_THROWS_AS(xact::transform(same, xact::rows(all, 10), xact::rows(all, 5)), std::invalid_argument);
  CHECK_THROWS_AS(xact::transform([](auto v) { return std::pair(v, v); }, a, xact::outputs(y, y)),
                  std::invalid_argument);
}

TEST_CASE("what is no kernel does not compile") {
  const auto lane = [](auto v) { return v; };
  STATIC_CHECK(xact::fused_with<decltype(lane), floats &, floats &>);
  STATIC_CHECK(!xact::fused_with<decltype(lane), floats &, const floats &>);     // nothing to write to
  STATIC_CHECK(!xact::fused_with<decltype(lane), std::vector<int> &, floats &>); // no floating-point type
  STATIC_CHECK(!xact::fused_with<decltype(lane), floats &, floats &, floats &>); // one input too many
  STATIC_CHECK(!xact::fused_with<decltype(lane), floats &>);
  constexpr auto text = [](auto) { return "text"; };
  STATIC_CHECK(!xact::fused_with<decltype(text), floats &, floats &>);
}

TEMPLATE_TEST_CASE("outputs that are streamed past the caches are those of their pieces", "[transform]", float,
                   double) {
  const std::size_t n = (std::size_t{16} << 20) / sizeof(TestType) + 77;
  std::vector<TestType> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = static_cast<TestType>(i % 4001) / 200 - 10;
  constexpr TestType untouched = -123.25;
  for (const std::size_t offset : {0u, 1u, 7u}) {
    std::vector<TestType> y(n + 16, untouched);
    const std::span<TestType> out(y.data() + offset, n);
    xact::relu(x, out);
    std::vector<TestType> pieces(n);
    for (std::size_t i = 0; i < n; i += 4096) {
      const std::size_t length = std::min<std::size_t>(4096, n - i);
      xact::relu(std::span(x).subspan(i, length), std::span(pieces).subspan(i, length));
    }
    CHECK(std::equal(out.begin(), out.end(), pieces.begin(), same<TestType>));
    CHECK(std::count(y.begin(), y.end(), untouched) == 16);
  }
}
