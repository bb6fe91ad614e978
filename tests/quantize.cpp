// tabulate: every code of every quantized type and activation, correctly rounded; the look-ups against the entries.

#include "listed.hpp"
#include "quantization.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <span>
#include <tuple>
#include <xact/xact.hpp>

using xact::float8_e4m3, xact::float8_e5m2, xact::int4_pair, xact::quantization;

namespace {

template <class T>
std::string entries_rounded(const record &r, const xact::table<T> &table, quantization in, quantization out) {
  const std::vector<level> ins = levels<T>(in.zero_point);
  const std::vector<level> outs = levels<T>(out.zero_point);
  findings found;
  const auto check = [&](double x, unsigned q) {
    const unsigned want = true_code(r, outs, x, out.scale);
    if (table.entries[q] != want)
      found.add("f(" + show(x) + ") is code " + std::to_string(table.entries[q]) + ", not " + std::to_string(want));
  };
  for (const level &q : ins) {
    check(q.value * static_cast<double>(in.scale), q.code);
    if (q.negative != q.code)
      check(-0.0, q.negative);
  }
  return found.report();
}

// Steps as users calibrate them; powers of two, whose products are ties by the dozen; and extremes.
template <class T> std::vector<std::array<quantization, 2>> calibrations() {
  if constexpr (requires { typename T::format; }) {
    return {{{{1.0f, 0}, {1.0f, 0}}},
            {{{0.0478f, 0}, {0.01f, 0}}},
            {{{0.5f, 0}, {0x1.8p-3f, 0}}},
            {{{0x1p-30f, 0}, {0x1.8p-31f, 0}}}};
  } else {
    const int low = levels<T>(0).front().value < 0 ? static_cast<int>(levels<T>(0).front().value) : 0;
    const float wide = static_cast<float>(levels<T>(0).size()) / 256;
    return {{{{0.05f / wide, low + 7}, {0.04f / wide, low + 3}}},
            {{{1 / (127 * wide), low + 8}, {1 / (255 * wide), low}}},
            {{{0.5f, low + 8}, {4.0f, low + 1}}},
            {{{0.5f, low}, {1.0f, low}}},
            {{{0x1p-30f, low + 8}, {0x1p-31f, low + 8}}},
            {{{0x1p-30f, low + 8}, {0x1.99999ap-29f, low + 8}}},
            {{{1e30f, low + 8}, {0x1p-140f, low + 8}}}};
  }
}

template <class T> using maker = xact::table<T> (*)(quantization, quantization);

template <class T, class F> xact::table<T> make(quantization in, quantization out) {
  return xact::tabulate<T>(F(), in, out);
}

/// An activation's record and its tables.
struct activation {
  const record *r;
  std::tuple<maker<std::int8_t>, maker<std::uint8_t>, maker<int4_pair>, maker<float8_e4m3>, maker<float8_e5m2>> tables;
};

template <class F> activation with_tables(const F &, const record &r) {
  return {
      &r,
      {make<std::int8_t, F>, make<std::uint8_t, F>, make<int4_pair, F>, make<float8_e4m3, F>, make<float8_e5m2, F>}};
}

const std::vector<activation> activations = [] {
  std::vector<activation> all;
  for_each_activation([&](const auto &f, const record &r) { all.push_back(with_tables(f, r)); });
  return all;
}();

/// A table of T whose entries are all different, to see each look-up.
template <class T> xact::table<T> scrambled() {
  xact::table<T> t;
  for (std::size_t i = 0; i < std::size(t.entries); ++i)
    t.entries[i] = static_cast<std::uint8_t>((i * 7 + 3) % std::size(t.entries));
  return t;
}

/// What the table makes of a byte.
template <class T> std::uint8_t looked_up(const xact::table<T> &t, std::uint8_t byte) {
  if constexpr (std::is_same_v<T, int4_pair>)
    return static_cast<std::uint8_t>(t.entries[byte & 15] | t.entries[byte >> 4] << 4);
  else
    return t.entries[byte];
}

} // namespace

TEMPLATE_TEST_CASE("tables are correctly rounded from real arithmetic", "", std::int8_t, std::uint8_t, int4_pair,
                   float8_e4m3, float8_e5m2) {
  using T = TestType;
  for (const auto &[r, tables] : activations) {
    CAPTURE(r->name);
    for (const auto &[in, out] : calibrations<T>()) {
      CAPTURE(in.scale, in.zero_point, out.scale, out.zero_point);
      CHECK(entries_rounded<T>(*r, std::get<maker<T>>(tables)(in, out), in, out) == "");
    }
  }
}

TEST_CASE("a table's ties go to even, and near-ties where the true value lies") {
  const auto entry = [](const auto &f, int q, quantization in, quantization out) {
    return static_cast<int>(
        static_cast<std::int8_t>(xact::tabulate<std::int8_t>(f, in, out).entries[static_cast<std::uint8_t>(q)]));
  };
  CHECK(entry(xact::relu, 1, {.scale = 1}, {.scale = 2}) == 0);                  // 0.5
  CHECK(entry(xact::relu, 3, {.scale = 1}, {.scale = 2}) == 2);                  // 1.5
  CHECK(entry(xact::relu, 5, {.scale = 1}, {.scale = 2}) == 2);                  // 2.5
  CHECK(entry(xact::relu, 5, {.scale = 1}, {.scale = 2, .zero_point = 1}) == 3); // even before the zero point is added
  CHECK(entry(xact::silu, 43, {.scale = 1}, {.scale = 2}) == 21);                // 21.5 less 43 * e^-43 / 2
  CHECK(entry(xact::gelu, 43, {.scale = 1}, {.scale = 2}) == 21);                // 21.5 less 1e-400
  CHECK(entry(xact::softplus, 41, {.scale = 1}, {.scale = 2}) == 21);            // 20.5 and a little
  CHECK(entry(xact::tanh, 3, {.scale = 0x1p-40f}, {.scale = 0x1p-39f}) == 1);    // 1.5 less a little
  CHECK(entry(xact::sigmoid, 0, {.scale = 1}, {.scale = 1}) == 0);               // 0.5
  CHECK(entry(xact::sigmoid, 1, {.scale = 0x1p-100f}, {.scale = 1}) == 1);       // 0.5 and a little
}

TEST_CASE("out of range, a table stays at the ends; NaN is the zero point, or NaN") {
  const auto nan = [](double) { return std::numeric_limits<double>::quiet_NaN(); };
  CHECK(xact::tabulate<std::uint8_t>(nan, {}, {.scale = 1, .zero_point = 7}).entries[200] == 7);
  CHECK(std::isnan(float8_e4m3::from_bits(xact::tabulate<float8_e4m3>(nan, {}, {}).entries[1])));
  const auto relu = xact::tabulate<std::int8_t>(xact::relu, {.scale = 1}, {.scale = 0.01f});
  CHECK(relu.entries[100] == 127);
  const auto halves = xact::tabulate<float8_e4m3>(xact::relu, {.scale = 1}, {.scale = 0.5f});
  CHECK(halves.entries[0x7e] == 0x7e); // 448 / 0.5 is held at 448
  CHECK(std::isnan(float8_e4m3::from_bits(halves.entries[0x7f])));
  CHECK(std::isnan(float8_e4m3::from_bits(halves.entries[0xff])));
}

TEST_CASE("the tier of an activation does not change its table") {
  const auto plain = xact::tabulate<std::int8_t>(xact::gelu, {.scale = 0.05f}, {.scale = 0.04f});
  for (const auto &other : {xact::tabulate<std::int8_t>(xact::accurate(xact::gelu), {.scale = 0.05f}, {.scale = 0.04f}),
                            xact::tabulate<std::int8_t>(xact::exact(xact::gelu), {.scale = 0.05f}, {.scale = 0.04f})})
    CHECK(std::ranges::equal(plain.entries, other.entries));
}

TEMPLATE_TEST_CASE("a table is looked up at every length, alignment and byte", "", std::int8_t, std::uint8_t, int4_pair,
                   float8_e4m3, float8_e5m2) {
  using T = TestType;
  static_assert(sizeof(T) == 1 && std::is_trivially_copyable_v<xact::table<T>>);
  const xact::table<T> t = scrambled<T>();
  std::vector<std::uint8_t> bytes(1200);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(i * 91 + i / 256);
  std::vector<T> in(bytes.size());
  std::memcpy(in.data(), bytes.data(), bytes.size());
  findings found;
  const auto check = [&](std::size_t offset, std::size_t n) {
    std::vector<T> out(bytes.size() + 1, std::bit_cast<T>(std::uint8_t{0x5a}));
    t(std::span<const T>(in).subspan(offset, n), std::span<T>(out).subspan(1, n));
    std::vector<T> same = in;
    t(std::span<T>(same).subspan(offset, n));
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint8_t want = looked_up(t, bytes[offset + i]);
      if (std::bit_cast<std::uint8_t>(out[i + 1]) != want || std::bit_cast<std::uint8_t>(same[offset + i]) != want)
        found.add("byte " + std::to_string(bytes[offset + i]) + " at " + std::to_string(i) + " of " +
                  std::to_string(n));
    }
    if (std::bit_cast<std::uint8_t>(out[0]) != 0x5a || std::bit_cast<std::uint8_t>(out[n + 1]) != 0x5a)
      found.add("written beside " + std::to_string(n));
  };
  for (std::size_t n = 0; n <= 140; ++n)
    check(n % 70, n);
  check(0, 1199);
  check(3, 1024);
  CHECK(found.report() == "");
}

TEST_CASE("int4 pairs are packed as ONNX packs them") {
  CHECK(int4_pair::of(-8, 7).bits == 0x78);
  CHECK(int4_pair{0x78}.first() == -8);
  CHECK(int4_pair{0x78}.second() == 7);
  const auto relu = xact::tabulate<int4_pair>(xact::relu, {.scale = 1}, {.scale = 1});
  std::vector<int4_pair> pairs = {int4_pair::of(-3, 5), int4_pair::of(7, -8)};
  relu(pairs);
  CHECK(pairs[0].bits == int4_pair::of(0, 5).bits);
  CHECK(pairs[1].bits == int4_pair::of(7, 0).bits);
}

TEST_CASE("per channel: one table each, in one call") {
  const std::vector<quantization> in = {{0.05f, 3}, {0.5f, 0}, {1e-3f, -128}};
  const std::vector<quantization> out = {{0.04f, -100}, {0.25f, 5}, {2e-4f, 127}};
  std::vector<xact::table<std::int8_t>> tables(3);
  xact::tabulate<std::int8_t>(xact::silu, in, out, tables);
  for (std::size_t c = 0; c < 3; ++c) {
    CAPTURE(c);
    const auto alone = xact::tabulate<std::int8_t>(xact::silu, in[c], out[c]);
    CHECK(std::ranges::equal(tables[c].entries, alone.entries));
  }
}

TEST_CASE("what a quantization cannot be is refused by its value, and nothing is written") {
  struct bad {
    quantization q;
    const char *named;
  };
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<quantization> good = {{}, {}};
  std::vector<xact::table<std::int8_t>> tables(2, scrambled<std::int8_t>());
  const std::vector<xact::table<std::int8_t>> original = tables;
  const std::vector<std::int32_t> sums(5, 1);
  const std::vector<std::int8_t> before(5, 77);
  std::vector<std::int8_t> out = before;
  const auto untouched = [&] {
    return out == before && std::memcmp(tables.data(), original.data(), 2 * sizeof(original[0])) == 0;
  };
  for (const auto &[q, named] : std::vector<bad>{{{0.0f, 0}, "not 0"},
                                                 {{-0.0f, 0}, "not -0"},
                                                 {{-0.5f, 0}, "not -0.5"},
                                                 {{nan, 0}, "nan"},
                                                 {{infinity, 0}, "not inf"},
                                                 {{-infinity, 0}, "not -inf"},
                                                 {{1.0f, 128}, ".zero_point' 128 is not in [-128, 127]"},
                                                 {{1.0f, -129}, ".zero_point' -129 is not in [-128, 127]"}}) {
    CAPTURE(named);
    const quantization wrong = q;
    CHECK(says(message_of([&] { (void)xact::tabulate<std::int8_t>(xact::silu, wrong, {}); }), named));
    CHECK(says(message_of([&] { (void)xact::tabulate<std::int8_t>(xact::silu, {}, wrong); }), named));
    CHECK(says(message_of([&] { (void)xact::tabulate<std::int8_t>(xact::silu, {}, wrong); }), "xact::tabulate: 'out."));
    const std::vector<quantization> second_wrong = {{}, wrong};
    CHECK(says(message_of([&] { xact::tabulate<std::int8_t>(xact::silu, second_wrong, good, tables); }), named));
    CHECK(says(message_of([&] { xact::tabulate<std::int8_t>(xact::silu, good, second_wrong, tables); }), named));
    CHECK(says(message_of([&] { xact::requantize(sums, 1.0f, xact::gelu, wrong, out); }), named));
    if (wrong.zero_point == 0) {
      CHECK(says(message_of([&] { xact::requantize(sums, wrong.scale, xact::gelu, {}, out); }), named));
    }
    CHECK(untouched());
  }
  const xact::leaky_relu_t no_function{.negative_slope = std::numeric_limits<double>::quiet_NaN()};
  CHECK(says(message_of([&] { xact::requantize(sums, 1.0f, no_function, {}, out); }),
             "leaky_relu: negative_slope is nan"));
  CHECK(
      says(message_of([&] { xact::tabulate<std::int8_t>(no_function, good, good, tables); }), "negative_slope is nan"));
  CHECK(says(message_of([&] { (void)xact::tabulate<std::int8_t>(no_function, {}, {}); }), "negative_slope is nan"));
  CHECK(untouched());
  CHECK(says(message_of([&] {
               (void)xact::tabulate<std::uint8_t>(xact::silu, {1.0f, -1}, {});
             }),
             "-1 is not in [0, 255]"));
  CHECK(says(message_of([&] { (void)xact::tabulate<int4_pair>(xact::silu, {1.0f, 8}, {}); }), "8 is not in [-8, 7]"));
  CHECK(says(message_of([&] { (void)xact::tabulate<float8_e4m3>(xact::silu, {1.0f, 1}, {}); }), "1 is not in [0, 0]"));
}

TEST_CASE("ranges that do not fit are refused by their sizes, and nothing is written") {
  const auto table = scrambled<std::int8_t>();
  std::vector<std::int8_t> data(40, 5);
  const std::vector<std::int8_t> original = data;
  const std::span<std::int8_t> all = data;
  std::string message = message_of([&] { table(all.first(14), all.last(15)); });
  CHECK((says(message, "14") && says(message, "15")));
  message = message_of([&] { table(all.first(14), all.subspan(1, 14)); });
  CHECK((says(message, "xact::table: 'in' (14") && says(message, "overlap")));
  std::vector<xact::table<std::int8_t>> two(2, table);
  message = message_of([&] {
    xact::tabulate<std::int8_t>(xact::silu, std::vector<quantization>(3), std::vector<quantization>(2), two);
  });
  CHECK((says(message, "3") && says(message, "2")));
  message = message_of([&] {
    xact::tabulate<std::int8_t>(xact::silu, std::vector<quantization>(2), std::vector<quantization>(4), two);
  });
  CHECK((says(message, "4") && says(message, "2")));
  std::vector<std::int32_t> sums(10, 1);
  message = message_of([&] { xact::requantize(std::span(sums).first(9), 1.0f, xact::gelu, {}, all.first(8)); });
  CHECK((says(message, "9") && says(message, "8")));
  const std::span<std::int8_t> inside(reinterpret_cast<std::int8_t *>(sums.data()), 10);
  message = message_of([&] { xact::requantize(sums, 1.0f, xact::gelu, {}, inside); });
  CHECK((says(message, "xact::requantize: 'accumulators' (10") && says(message, "overlap")));
  CHECK(data == original);
  CHECK(sums == std::vector<std::int32_t>(10, 1));
}
