// quantize, dequantize, calibrate: every number of 16 bits and random ones of float and double, against the definition.

#include <xact/quantize.hpp>

#include "quantization.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cfenv>
#include <span>

using std::vector;
using xact::float16, xact::bfloat16, xact::float8_e4m3, xact::float8_e5m2, xact::int4_pair, xact::quantization;

namespace {

template <class E> vector<E> inputs() {
  if constexpr (sizeof(E) <= 2) {
    return all_codes<E>();
  } else {
    vector<E> all = edges<E>();
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> octaves(-40, 40);
    std::normal_distribution<double> normal(0, 40);
    for (int i = 0; i < 60'000; ++i) {
      const auto x = static_cast<E>(normal(random));
      all.push_back(x);
      all.push_back(static_cast<E>(std::exp2(octaves(random))));
      const auto middle = static_cast<E>((std::floor(normal(random)) + 0.5) * 0.0999999940395355224609375); // 0.1f
      for (const E y : {middle, std::nextafter(middle, E(1e9)), std::nextafter(middle, E(-1e9)), std::round(x),
                        static_cast<E>(std::round(x) + E(0.5))})
        all.push_back(y);
    }
    return all;
  }
}

template <class T> constexpr bool is_float8 = requires { typename T::format; };
template <class T> constexpr int lowest = std::is_same_v<T, int4_pair> ? -8 : std::is_same_v<T, std::int8_t> ? -128 : 0;
template <class T>
constexpr int highest = std::is_same_v<T, int4_pair>     ? 7
                        : std::is_same_v<T, std::int8_t> ? 127
                                                         : 255;

/// x / scale in long double: of a double and a float it is a middle between codes just where the true quotient is one,
/// but for its last bits, which the remainder decides.
template <class T> int code_of(double x, quantization q) {
  const auto scale = static_cast<double>(q.scale);
  if constexpr (is_float8<T>) {
    if (std::isnan(x))
      return T(NAN).bits;
    const bool negative = std::signbit(x);
    unsigned best = 0; // the nearest by exact differences of products, ties to even
    for (unsigned c = 1; c <= T::format::largest; ++c) {
      const auto value = [](unsigned k) {
        return static_cast<double>(static_cast<float>(T::from_bits(std::uint8_t(k))));
      };
      const double middle = (value(c - 1) + value(c)) / 2 * scale; // exact
      if (std::abs(x) > middle || (std::abs(x) == middle && c % 2 == 0))
        best = c;
    }
    return static_cast<int>(best | (negative ? 0x80u : 0u));
  } else {
    if (std::isnan(x))
      return q.zero_point;
    int best = lowest<T>;
    for (int c = lowest<T> + 1; c <= highest<T>; ++c) {
      const double middle = (c - q.zero_point - 0.5) * scale; // exact
      if (x > middle || (x == middle && (c - q.zero_point) % 2 == 0))
        best = c;
    }
    return best;
  }
}

/// The i-th code of a range, as a number, or the bits of an 8-bit float.
template <class T> int code_at(const vector<T> &codes, std::size_t i) {
  if constexpr (std::is_same_v<T, int4_pair>)
    return i % 2 == 0 ? codes[i / 2].first() : codes[i / 2].second();
  else if constexpr (is_float8<T>)
    return codes[i].bits;
  else
    return codes[i];
}
template <class T> std::size_t room(std::size_t n) { return std::is_same_v<T, int4_pair> ? (n + 1) / 2 : n; }

template <class T> vector<quantization> quantizations() {
  if constexpr (is_float8<T>)
    return {{}, {0.1f}, {0x1p-3f}, {0x1.99999ap-110f}, {1e30f}};
  else
    return {{}, {0.1f, lowest<T> + 3}, {0x1p-3f, highest<T>}, {0.37f, lowest<T>}, {0x1.99999ap-110f, 1}, {1e30f, 5}};
}

template <class T, class E> void check_quantize() {
  const vector<E> x = inputs<E>();
  for (const quantization q : quantizations<T>()) {
    vector<T> codes(room<T>(x.size()));
    xact::quantize(x, codes, q);
    findings found;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto value = static_cast<double>(x[i]);
      const int got = code_at(codes, i), want = code_of<T>(value, q);
      const bool both_nan = is_float8<T> && std::isnan(value) && (got & 0x7f) == (want & 0x7f);
      if (got != want && !both_nan)
        found.add(show(value) + " is " + std::to_string(got) + ", not " + std::to_string(want));
    }
    CAPTURE(q.scale, q.zero_point, sizeof(E));
    CHECK(found.report() == "");
  }
}

template <class T, class O> void check_dequantize() {
  vector<T> codes;
  for (int c = 0; c < 256; ++c)
    codes.push_back(std::bit_cast<T>(static_cast<std::uint8_t>(c)));
  for (const quantization q : quantizations<T>()) {
    vector<O> y(std::is_same_v<T, int4_pair> ? 512 : 256);
    xact::dequantize(codes, y, q);
    findings found;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const int c = code_at(codes, i);
      double number = c - q.zero_point;
      if constexpr (is_float8<T>)
        number = static_cast<double>(static_cast<float>(T::from_bits(static_cast<std::uint8_t>(c))));
      const O want = static_cast<O>(number * static_cast<double>(q.scale)); // the product is exact
      if (!same(static_cast<double>(y[i]), static_cast<double>(want)))
        found.add(std::to_string(c) + " is " + show(static_cast<double>(y[i])));
    }
    CAPTURE(q.scale, q.zero_point, sizeof(O));
    CHECK(found.report() == "");
  }
}

} // namespace

TEMPLATE_TEST_CASE("quantize: to nearest even, saturating, NaN to the zero point", "", std::int8_t, std::uint8_t,
                   int4_pair, float8_e4m3, float8_e5m2) {
  check_quantize<TestType, float>();
  check_quantize<TestType, double>();
  check_quantize<TestType, float16>();
  check_quantize<TestType, bfloat16>();
  check_quantize<TestType, float8_e4m3>();
  check_quantize<TestType, float8_e5m2>();
}

TEMPLATE_TEST_CASE("dequantize: the product, rounded once", "", std::int8_t, std::uint8_t, int4_pair, float8_e4m3,
                   float8_e5m2) {
  check_dequantize<TestType, float>();
  check_dequantize<TestType, double>();
  check_dequantize<TestType, float16>();
  check_dequantize<TestType, bfloat16>();
  check_dequantize<TestType, float8_e4m3>();
  check_dequantize<TestType, float8_e5m2>();
}

TEMPLATE_TEST_CASE("every length has the same codes and numbers, and nothing is written beside", "", std::int8_t,
                   int4_pair, float8_e4m3) {
  using T = TestType;
  const vector<float> x = spread<float>(-3, 3, 200);
  const quantization q = {.scale = 0.1f};
  vector<T> all(room<T>(x.size()));
  xact::quantize(x, all, q);
  vector<float> back(x.size());
  xact::dequantize(all, back, q);
  for (std::size_t n = 0; n <= x.size(); ++n) {
    const T beside = std::bit_cast<T>(std::uint8_t{0x35});
    vector<T> codes(room<T>(n) + 1, beside);
    xact::quantize(std::span(x).first(n), std::span(codes).first(room<T>(n)), q);
    vector<float> y(n + 1, -7);
    xact::dequantize(std::span(codes).first(room<T>(n)), std::span(y).first(n), q);
    bool equal = std::bit_cast<std::uint8_t>(codes.back()) == 0x35 && y[n] == -7;
    for (std::size_t i = 0; i < n; ++i)
      equal = equal && code_at(codes, i) == code_at(all, i) && y[i] == back[i];
    if (std::is_same_v<T, int4_pair> && n % 2 != 0)
      equal = equal && code_at(codes, n) == 0;
    CAPTURE(n);
    CHECK(equal);
  }
}

TEMPLATE_TEST_CASE("calibrate: each number comes back within half a scale, 0 as 0", "", std::int8_t, std::uint8_t,
                   int4_pair, float8_e4m3, float8_e5m2) {
  using T = TestType;
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  for (vector<float> x : {spread<float>(-3, 9, 101),
                          spread<float>(2, 5, 64),
                          spread<float>(-5, -2, 3),
                          {0.7f},
                          {-1e-42f},
                          {3e38f, -3e38f},
                          {nan, 1, -infinity, infinity, -2}}) {
    x.push_back(0);
    const quantization q = xact::calibrate<T>(x);
    vector<T> codes(room<T>(x.size()));
    vector<double> y(x.size());
    xact::quantize(x, codes, q);
    xact::dequantize(codes, y, q);
    double most = 0, worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (std::isfinite(x[i])) {
        most = std::max(most, std::abs(static_cast<double>(x[i])));
        worst = std::max(worst, std::abs(y[i] - static_cast<double>(x[i])) / static_cast<double>(q.scale));
      }
    }
    CAPTURE(x, q.scale, q.zero_point);
    CHECK(y.back() == 0);
    if constexpr (is_float8<T>) {
      const auto largest = static_cast<double>(static_cast<float>(T::from_bits(std::uint8_t(T::format::largest))));
      CHECK(std::abs(most / static_cast<double>(q.scale) - largest) <= (most < 1e-30 ? largest : largest * 1e-6));
      CHECK(q.zero_point == 0);
    } else {
      CHECK(worst <= 0.5 + 0x1p-16); // the scale is rounded
    }
  }
  const quantization of_nothing = xact::calibrate<T>(vector<float>{0, nan, infinity});
  CHECK(of_nothing.scale == 1);
  CHECK(of_nothing.zero_point == 0);
  CHECK(xact::calibrate<T>(vector<double>{}).scale == 1);
}

TEST_CASE("calibrate: scales and zero points") {
  const auto q = xact::calibrate<std::uint8_t>(vector<float>{-1, 4.1f});
  CHECK(q.scale == 0.02f);
  CHECK(q.zero_point == 50);
  CHECK(xact::calibrate<std::int8_t>(vector<float16>{float16(-1.0f), float16(1.0f)}).scale == 2 / 255.0f);
  CHECK(xact::calibrate<std::int8_t>(vector<double>{5.1}).zero_point == -128);
  CHECK(xact::calibrate<int4_pair>(vector<double>{-1.5}).zero_point == 7);
  CHECK(xact::calibrate<float8_e4m3>(vector<float>{-896}).scale == 2);
  CHECK(std::isfinite(xact::calibrate<std::int8_t>(vector<double>{1e308, -1e308}).scale));
}

TEST_CASE("a quantization for each row, with gaps, and in place") {
  const vector<float> x = spread<float>(-3, 3, 4 * 30);
  vector<quantization> q(4);
  xact::calibrate<std::int8_t>(xact::rows(std::span(x).first(4 * 30 - 9), 21, 30), q);
  vector<std::int8_t> codes(4 * 25, 99);
  xact::quantize(xact::rows(x, 21, 30), xact::rows(codes, 21, 25), q);
  vector<float> y(4 * 21);
  xact::dequantize(xact::rows(std::as_const(codes), 21, 25), xact::rows(y, 21), q);
  for (std::size_t r = 0; r < 4; ++r) {
    const auto row = std::span(x).subspan(r * 30, 21);
    CHECK(q[r].scale == xact::calibrate<std::int8_t>(row).scale);
    vector<std::int8_t> alone(21);
    xact::quantize(row, alone, q[r]);
    CHECK(std::equal(alone.begin(), alone.end(), codes.begin() + static_cast<std::ptrdiff_t>(r * 25)));
    CHECK(codes[r * 25 + 21] == 99);
    for (std::size_t c = 0; c < 21; ++c)
      CHECK(std::abs(y[r * 21 + c] - row[c]) <= q[r].scale * 0.500001f);
  }
  vector<float8_e4m3> eighth(100), same(100);
  xact::quantize(std::span(x).first(100), eighth, {});
  xact::quantize(eighth, same, {.scale = 0.3f});
  xact::quantize(eighth, eighth, {.scale = 0.3f});
  for (std::size_t i = 0; i < 100; ++i)
    CHECK(eighth[i].bits == same[i].bits);
}

TEST_CASE("what does not fit is refused by function and numbers, and nothing is written") {
  vector<float> x(10, 1), y(10, -7);
  vector<std::int8_t> codes(10, 5);
  vector<int4_pair> pairs(5, int4_pair{0x12});
  vector<quantization> q(3, quantization{.scale = 2});
  const auto refused = [](const auto &call, const char *a, const char *b) {
    const std::string message = message_of(call);
    CAPTURE(message, a, b);
    CHECK((says(message, a) && says(message, b)));
  };
  refused([&] { xact::quantize(std::span(x).first(9), codes, {}); }, "xact::quantize", "9");
  refused([&] { xact::quantize(std::span(x).first(8), pairs, {}); }, "xact::quantize", "8");
  refused([&] { xact::dequantize(pairs, std::span(y).first(8), {}); }, "xact::dequantize", "8");
  refused([&] { xact::dequantize(codes, std::span(y).first(4), {}); }, "xact::dequantize", "4");
  refused([&] { xact::quantize(x, codes, {.scale = 0}); }, "scale", "0");
  refused([&] { xact::quantize(x, codes, {.zero_point = 200}); }, "200", "127");
  refused([&] { xact::dequantize(pairs, y, {.zero_point = 8}); }, "8", "7");
  refused([&] { xact::quantize(xact::rows(x, 5), xact::rows(codes, 5), q); }, "3", "2");
  refused([&] { xact::dequantize(xact::rows(codes, 5), xact::rows(y, 5), q); }, "3", "2");
  refused([&] { xact::calibrate<std::int8_t>(xact::rows(x, 5), q); }, "xact::calibrate", "3");
  const std::span<std::int8_t> inside(reinterpret_cast<std::int8_t *>(x.data()), 10);
  refused([&] { xact::quantize(x, inside, {}); }, "xact::quantize", "overlap");
  CHECK(x == vector<float>(10, 1));
  CHECK(y == vector<float>(10, -7));
  CHECK(codes == vector<std::int8_t>(10, 5));
  CHECK(q[0].scale == 2);
  CHECK_NOTHROW(xact::quantize(vector<float>{}, std::span<std::int8_t>(), {}));
  CHECK_THROWS_AS(xact::quantize(vector<float>{}, std::span<std::int8_t>(), {.scale = -1}), std::invalid_argument);
}
