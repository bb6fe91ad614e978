// The census of ranges, against a plain loop; and of what operations write, wherever `watch` goes.

#include <xact/watch.hpp>

#include "narrow_float.hpp"
#include "quantization.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/softmax.hpp>
#include <xact/tanh.hpp>

using std::vector;
using xact::float16, xact::bfloat16, xact::float8_e4m3, xact::float8_e5m2, xact::int4_pair, xact::census, xact::watch;

static_assert(std::is_trivially_copyable_v<census>);

namespace {

template <class E> constexpr bool is_code = std::is_integral_v<E> || std::is_same_v<E, int4_pair>;

/// The census by the definition.
void add(census &c, double x, double smallest_normal, double saturated, std::size_t index) {
  ++c.count;
  c.nan += std::isnan(x);
  c.positive_infinity += x == HUGE_VAL;
  c.negative_infinity += x == -HUGE_VAL;
  c.zero += x == 0 && !std::signbit(x);
  c.negative_zero += x == 0 && std::signbit(x);
  c.subnormal += x != 0 && std::abs(x) < smallest_normal;
  c.saturated_high += x == saturated;
  c.saturated_low += x == -saturated;
  if (std::isnan(x)) {
    c.first_nan = std::min(c.first_nan, index);
    return;
  }
  const auto less = [](double a, double b) { return a < b || (a == b && std::signbit(a) && !std::signbit(b)); };
  c.minimum = less(x, c.minimum) ? x : c.minimum;
  c.maximum = less(c.maximum, x) ? x : c.maximum;
}
void add_code(census &c, int code, int low, int high) {
  add(c, code, 0, NAN, 0);
  c.saturated_low += code == low;
  c.saturated_high += code == high;
}
template <class E> census counted(std::span<const E> x, std::size_t first = 0) {
  census c;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if constexpr (std::is_same_v<E, int4_pair>)
      add_code(c, x[i].first(), -8, 7), add_code(c, x[i].second(), -8, 7);
    else if constexpr (std::is_integral_v<E>)
      add_code(c, x[i], std::numeric_limits<E>::min(), std::numeric_limits<E>::max());
    else if constexpr (std::is_floating_point_v<E>)
      add(c, static_cast<double>(x[i]), static_cast<double>(std::numeric_limits<E>::min()), NAN, first + i);
    else
      add(c, static_cast<double>(x[i]), std::ldexp(1.0, 1 - E::format::bias),
          static_cast<double>(E::from_bits(typename E::storage(E::format::largest))), first + i);
  }
  return c;
}
template <class E> census counted(const vector<E> &x) { return counted(std::span<const E>(x)); }

std::string differences(const census &a, const census &b) {
  std::string text;
  const auto look = [&](const char *name, auto x, auto y) {
    if (!same(static_cast<double>(x), static_cast<double>(y)))
      text += std::string(name) + " " + show(static_cast<double>(x)) + ", not " + show(static_cast<double>(y)) + "; ";
  };
  look("count", a.count, b.count), look("nan", a.nan, b.nan), look("+inf", a.positive_infinity, b.positive_infinity);
  look("-inf", a.negative_infinity, b.negative_infinity), look("zero", a.zero, b.zero);
  look("-0", a.negative_zero, b.negative_zero), look("subnormal", a.subnormal, b.subnormal);
  look("low", a.saturated_low, b.saturated_low), look("high", a.saturated_high, b.saturated_high);
  look("minimum", a.minimum, b.minimum), look("maximum", a.maximum, b.maximum);
  look("first_nan", a.first_nan, b.first_nan);
  return text;
}

/// n elements; one in `rarity` is special.
template <class E> vector<E> mixed(std::size_t n, unsigned rarity, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 2);
  vector<E> x(n);
  for (E &v : x) {
    if constexpr (is_code<E>) {
      v = std::bit_cast<E>(static_cast<std::uint8_t>(random()));
    } else {
      v = E(normal(random));
      if (rarity != 0 && random() % rarity == 0) {
        const float some[] = {NAN, HUGE_VALF, -HUGE_VALF, 0, -0.0f, 1e-40f, -1e-40f, 0x1p-17f, 448, -57344, 65504};
        v = E(some[random() % std::size(some)]);
      }
    }
  }
  return x;
}

} // namespace

TEMPLATE_TEST_CASE("inspect of every length", "", float, double, float16, bfloat16, float8_e4m3, float8_e5m2,
                   std::int8_t, std::uint8_t, int4_pair) {
  using E = TestType;
  findings found;
  for (const unsigned rarity : {0u, 1u, 7u, 300u}) {
    const vector<E> x = mixed<E>(2000, rarity, rarity + 1);
    for (std::size_t n = 0; n <= 1000; n += n < 300 ? 1 : 97) {
      const auto part = std::span(x).subspan(n % 13, n);
      const std::string text = differences(xact::inspect(part, 5), counted<E>(part, 5));
      if (!text.empty())
        found.add(std::to_string(n) + ": " + text);
    }
  }
  CHECK(found.report() == "");
}

TEMPLATE_TEST_CASE("inspect of every number", "", float16, bfloat16, float8_e4m3, float8_e5m2) {
  const vector<TestType> all = all_codes<TestType>();
  CHECK(differences(xact::inspect(all), counted(all)) == "");
  findings found;
  for (const TestType &x : all) {
    const vector<TestType> many(70, x);
    const std::string text = differences(xact::inspect(many), counted(many));
    if (!text.empty())
      found.add(show(static_cast<double>(x)) + ": " + text);
  }
  CHECK(found.report() == "");
}

TEST_CASE("inspect of rows leaves the gaps out, and an index goes on from row to row") {
  vector<float> x(5 * 30, NAN), dense;
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t c = 0; c < 23; ++c)
      dense.push_back(x[r * 30 + c] = r == 3 && c == 4 ? NAN : static_cast<float>(c) - 3);
  const census c = xact::inspect(xact::rows(x, 23, 30), 1000);
  CHECK(differences(c, counted(std::span<const float>(dense), 1000)) == "");
  CHECK(c.first_nan == 1000 + 3 * 23 + 4);
  CHECK(c.nan_rate() == 1 / 115.0);
}

TEST_CASE("parts merge to the whole in any order; nothing is nothing") {
  vector<float> x = mixed<float>(5000, 10, 4);
  vector<census> parts;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < x.size();) {
    const std::size_t n = std::min<std::size_t>(random() % 400, x.size() - i);
    parts.push_back(xact::inspect(std::span(x).subspan(i, n), i));
    i += n;
  }
  for (int order = 0; order < 20; ++order) {
    std::ranges::shuffle(parts, random);
    census all, half;
    for (std::size_t i = 0; i < parts.size(); ++i)
      (i % 2 == 0 ? all : half).merge(parts[i]);
    all.merge(half);
    CHECK(differences(all, counted(x)) == "");
  }
  census zeros = xact::inspect(vector<float>{0.0f});
  zeros.merge(xact::inspect(vector<float>{-0.0f}));
  CHECK((std::signbit(zeros.minimum) && !std::signbit(zeros.maximum)));
  const census none = xact::inspect(vector<float>{});
  CHECK(differences(none, census{}) == "");
  CHECK(none.nan_rate() == 0);
  CHECK(none.saturation() == 0);
  CHECK(none.first_nan == std::numeric_limits<std::size_t>::max());
  const census codes = xact::inspect(vector<std::int8_t>{-128, 127, 127, 0});
  CHECK(codes.saturation() == 0.75);
}

namespace {

/// Equal to the bit, but for a NaN's payload.
template <class T> bool same_elements(const vector<T> &a, const vector<T> &b) {
  return std::ranges::equal(a, b, [](const T &x, const T &y) {
    if constexpr (is_code<T>)
      return std::bit_cast<std::uint8_t>(x) == std::bit_cast<std::uint8_t>(y);
    else
      return same(static_cast<double>(x), static_cast<double>(y));
  });
}

/// That a call of an operation and of what is watched write the same, and what the census then is. The calls get the
/// operation and the outputs.
template <class F, class Call, class... T>
void check_watched(const F &f, const Call &call, const vector<T> &...before) {
  std::tuple<vector<T>...> plain(before...), seen(before...);
  std::apply([&](auto &...out) { call(f, out...); }, plain);
  census c, want;
  std::apply([&](auto &...out) { call(watch(f, c), out...); }, seen);
  std::apply(
      [&](const auto &...a) { std::apply([&](const auto &...b) { CHECK((same_elements(a, b) && ...)); }, seen); },
      plain);
  std::apply([&](const auto &...out) { (want.merge(counted(out)), ...); }, plain);
  CHECK(differences(c, want) == "");
}

} // namespace

TEMPLATE_TEST_CASE("watched: ranges, rows, in place, values, of every type", "", float, double, float16, bfloat16,
                   float8_e4m3) {
  using T = TestType;
  for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 17, 1000, 9001}) {
    CAPTURE(n);
    const vector<T> x = mixed<T>(n, 50, 3);
    const auto run = [&](const auto &f, auto &y) { f(x, y); };
    const auto in_place = [&](const auto &f, auto &y) { f(y); };
    check_watched(xact::relu, run, vector<T>(n));
    check_watched(xact::silu, in_place, x);
  }
  const vector<T> x = mixed<T>(40 * 19, 50, 3);
  check_watched(
      xact::relu, [&](const auto &f, auto &y) { f(xact::rows(x, 11, 19), xact::rows(y, 11)); }, vector<T>(40 * 11));
  census c;
  CHECK(same(static_cast<double>(watch(xact::relu, c)(x[0])), static_cast<double>(xact::relu(x[0]))));
  CHECK(c.count == 1);
}

TEST_CASE("watched: callables, batches, tiers, derivatives") {
  const vector<float> x = mixed<float>(5000, 50, 3);
  census c;
  vector<float> y(x.size()), want(x.size());
  watch([](auto v) { return v + v; }, c)(x, y);
  CHECK(differences(c, counted(y)) == "");
#if !defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
  census lanes;
  CHECK(watch(xact::relu, lanes)(xsimd::batch<float>(-2.0f)).get(0) == 0);
  CHECK(lanes.zero == xsimd::batch<float>::size);
#endif
  const auto adapted = [&](const auto &adapt) {
    check_watched(
        xact::silu, [&](const auto &f, auto &out) { adapt(f)(x, out); }, vector<float>(x.size()));
    census outer;
    watch(adapt(xact::silu), outer)(x, want);
    CHECK(differences(outer, counted(want)) == "");
  };
  check_watched(
      xact::silu, [&](const auto &f, auto &out) { f(x, out); }, vector<float16>(x.size()));
  adapted([](const auto &f) { return xact::accurate(f); });
  adapted([](const auto &f) { return xact::exact(f); });
  adapted([](const auto &f) { return xact::derivative(f); });
}

TEST_CASE("watched: results that go past the caches") {
  const std::size_t n = (std::size_t{16} << 18) + 1003; // 16 MiB and a little
  const vector<float> x = mixed<float>(n, 5000, 3);
  vector<float> y(n + 1), want(n);
  xact::silu(x, want);
  census c;
  watch(xact::silu, c)(x, std::span(y).subspan(1));
  CHECK(same_elements(want, vector<float>(y.begin() + 1, y.end())));
  CHECK(differences(c, counted(want)) == "");
}

TEST_CASE("watched: transform, backward, gated units") {
  const std::size_t n = 6000;
  const vector<float> a = mixed<float>(n, 90, 3), b = mixed<float>(n, 90, 4), dy = mixed<float>(n, 90, 5);
  const vector<float> out = spread<float>(-1, 1, n);
  check_watched([](auto v, auto w) { return v / w; }, [&](const auto &f, auto &y) { xact::transform(f, a, b, y); },
                vector<bfloat16>(n));
  check_watched([](auto v) { return std::pair(v, v * v); },
                [&](const auto &f, auto &y, auto &z) { xact::transform(f, a, xact::outputs(y, z)); }, vector<float>(n),
                vector<float16>(n));
  for (const bool accumulate : {false, true}) {
    check_watched(
        xact::gelu, [&](const auto &f, auto &dx) { xact::backward(f, a, dy, dx, {.accumulate = accumulate}); }, out);
    check_watched(
        xact::tanh,
        [&](const auto &f, auto &dx) { xact::backward_from_output(f, a, dy, dx, {.accumulate = accumulate}); }, out);
    check_watched(
        xact::swiglu,
        [&](const auto &f, auto &da, auto &db) { xact::backward(f, a, b, dy, da, db, {.accumulate = accumulate}); },
        out, out);
  }
  check_watched(
      xact::swiglu, [&](const auto &f, auto &y) { f(a, b, y, {.limit = 2, .offset = 1}); }, out);
  check_watched(
      xact::silu, [&](const auto &f, auto &y) { xact::glu(f)(a, b, y); }, out);
  check_watched(
      xact::silu, [&](const auto &f, auto &y) { xact::glu(f, xact::tanh)(a, b, y); }, out);
  check_watched(
      xact::silu, [&](const auto &f, auto &y) { xact::accurate(xact::glu(xact::tanh, f))(a, b, y); }, out);
  const std::span<const float> half_of_dy = std::span(dy).first(n / 2);
  for (const xact::glu_layout layout : {xact::glu_layout::halves, xact::glu_layout::interleaved}) {
    for (const bool swapped : {false, true}) {
      const xact::glu_options o{.layout = layout, .swapped = swapped, .limit = 2};
      check_watched(
          xact::swiglu, [&](const auto &f, auto &y) { f(a, y, o); }, vector<float>(n / 2));
      check_watched(
          xact::swiglu, [&](const auto &f, auto &y) { f(xact::rows(a, 40), xact::rows(y, 20), o); },
          vector<float>(n / 2));
      check_watched(
          xact::swiglu, [&](const auto &f, auto &d) { xact::backward(f, a, half_of_dy, d, o); }, vector<float>(n));
      check_watched(
          xact::swiglu,
          [&](const auto &f, auto &d) {
            xact::backward(f, xact::rows(a, 40), xact::rows(half_of_dy, 20), xact::rows(d, 40), o);
          },
          vector<float>(n));
    }
  }
}

TEST_CASE("watched: tables, requantize, softmax") {
  const vector<float> a = mixed<float>(4000, 90, 3);
  const auto tables = [&]<class T>(const T &) {
    const vector<T> codes = mixed<T>(10'001, 0, 1);
    const xact::quantization q{.scale = 0.05f};
    check_watched(
        xact::tabulate<T>(xact::silu, q, q), [&](const auto &t, auto &y) { t(codes, y); }, vector<T>(codes.size()));
    check_watched(
        xact::gelu, [&](const auto &f, auto &y) { xact::tabulate<T>(f, q, q)(y); }, codes);
  };
  tables(std::int8_t());
  tables(std::uint8_t());
  tables(int4_pair());
  tables(float8_e4m3());
  const vector<std::int32_t> sums(3000, -70);
  check_watched(
      xact::relu, [&](const auto &f, auto &y) { xact::requantize(sums, 1.0f, f, {.scale = 2}, y); },
      vector<std::int8_t>(3000));
  check_watched(
      xact::softmax, [&](const auto &f, auto &y) { f(xact::rows(a, 40), xact::rows(y, 40), {.scale = 9}); },
      vector<float>(a.size()));
  check_watched(
      xact::softmax, [&](const auto &f, auto &y) { xact::accurate(f)(y); }, a);
}

TEST_CASE("what is watched refuses as it does otherwise: nothing is written, nothing counted") {
  vector<float> x(5000, 1), y(5000, -7);
  const std::span<float> all = x;
  census c;
  const auto w = watch(xact::gelu, c);
  CHECK_THROWS_AS(w(all.first(10), std::span(y).first(11)), std::invalid_argument);
  CHECK_THROWS_AS(w(all.first(4500), all.last(4500)), std::invalid_argument);
  CHECK_THROWS_AS(watch(xact::leaky_relu_t{NAN}, c)(x, y), std::invalid_argument);
  CHECK_THROWS_AS(watch(xact::leaky_relu_t{NAN}, c)(all.first(0)), std::invalid_argument);
  CHECK_THROWS_AS(watch(xact::swiglu, c)(x, x, y, {.limit = -1}), std::invalid_argument);
  CHECK_THROWS_AS(watch(xact::swiglu, c)(all.first(0), all.first(0), all.first(0), {.limit = -1}),
                  std::invalid_argument);
  CHECK_THROWS_AS(watch(xact::swiglu, c)(x, std::span(y).first(9), {.layout = xact::glu_layout::halves}),
                  std::invalid_argument);
  CHECK_THROWS_AS(watch(xact::swiglu, c)(x, std::span(y).first(2500), {}), std::invalid_argument);
  CHECK_THROWS_AS(xact::backward(w, x, all.first(9), y), std::invalid_argument);
  CHECK_THROWS_AS(xact::transform(w, all.first(4500), all.last(4500)), std::invalid_argument);
  CHECK(x == vector<float>(5000, 1));
  CHECK(y == vector<float>(5000, -7));
  CHECK(differences(c, census{}) == "");
}

TEST_CASE("one census of many calls") {
  census c;
  const auto w = watch(xact::relu, c);
  vector<float> x(100, 1), y(100);
  x[40] = NAN;
  w(x, y);
  x[40] = 1, x[7] = NAN;
  w(x, y);
  CHECK(c.count == 200);
  CHECK(c.nan == 2);
  CHECK(c.first_nan == 7);
}
