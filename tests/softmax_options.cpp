#include <xact/softmax_options.hpp>

#include "checks/rows.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_get_random_seed.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>
#include <xact/xact.hpp>

using reference::dd;
using std::vector;
using xact::softmax_options;

namespace {

constexpr double inf = HUGE_VAL;
const double nan_ = std::nan("");

bool same_rows(const vector<double> &a, const vector<double> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same<double>);
}

/// A mask in each type that one may have; as numbers, or -inf where a boolean one hides.
struct any_mask {
  vector<double> numbers;
  vector<float> floats;
  vector<xact::float16> halves;
  vector<xact::bfloat16> brains;
  vector<unsigned char> bytes;

  any_mask(std::size_t n, unsigned kind, std::mt19937_64 &random) {
    std::normal_distribution<double> normal(0, 4);
    for (std::size_t i = 0; i < n; ++i) {
      const double hidden = kind % 2 ? -inf : kind == 0 ? -1e9 : -65504;
      double m = random() % 4 == 0 ? hidden : kind == 5 || random() % 2 ? 0 : normal(random);
      if (kind < 3)
        m = static_cast<double>(static_cast<float>(m));
      else if (kind == 3)
        m = static_cast<double>(static_cast<float>(xact::float16(m)));
      else if (kind == 4)
        m = static_cast<double>(static_cast<float>(xact::bfloat16(m)));
      numbers.push_back(m);
      floats.push_back(static_cast<float>(m));
      halves.push_back(xact::float16(m));
      brains.push_back(xact::bfloat16(m));
      bytes.push_back(m == 0 ? static_cast<unsigned char>(random() % 255 + 1) : 0);
    }
  }
  xact::softmax_mask of(unsigned kind) const {
    return kind < 2    ? xact::softmax_mask(floats)
           : kind == 2 ? numbers
           : kind == 3 ? halves
           : kind == 4 ? xact::softmax_mask(brains)
                       : bytes;
  }
};

} // namespace

TEST_CASE("all options, alone and together, against the real numbers, and by a state") {
  constexpr auto unlimited = xact::softmax_window::unlimited;
  for (const row_subject &f : row_subjects()) {
    DYNAMIC_SECTION(f.name) {
      std::mt19937_64 random(Catch::getSeed());
      std::normal_distribution<double> normal(0, 6);
      for (int trial = 0; trial < 260; ++trial) {
        const auto one_of = [&](auto... x) { return std::array{x...}[random() % sizeof...(x)]; };
        const std::size_t queries = one_of(1u, 3u, 5u), heads = one_of(1u, 2u, 4u), rows = queries * heads;
        const std::size_t columns = trial % 13 == 12 ? 2500 : one_of(1u, 2u, 7u, 16u, 33u, 64u, 130u);
        softmax_options o;
        o.queries = heads == 1 && random() % 2 ? 0 : queries;
        vector<double> scales(rows), slopes(heads / (heads > 1 ? 2 : 1)), sinks(heads);
        for (double &s : scales)
          s = one_of(1., 0.125, 0.7, -0.3, 1 / 3., 0x1p-70, 0.);
        for (double &s : slopes)
          s = static_cast<double>(static_cast<float>(one_of(1., 0.5, -0.25, 0.1)));
        for (double &s : sinks)
          s = one_of(-inf, 2.5, 0.1, -70., 300.);
        const bool many_scales = random() % 3 == 0, many_slopes = random() % 2, many_sinks = random() % 3 == 0;
        if (many_scales)
          o.scale = scales;
        else
          o.scale = scales[0];
        o.softcap = one_of(0., 0., 0., 30., 1.5, 1e12, inf);
        const bool is_masked = random() % 2;
        const auto kind = static_cast<unsigned>(random() % 6);
        const std::size_t mask_rows = one_of(std::size_t{1}, queries, rows);
        const any_mask mask(mask_rows * columns, kind, random);
        if (is_masked) {
          o.mask = mask.of(kind);
          if (many_slopes)
            o.mask_scale = slopes;
          else
            o.mask_scale = slopes[0];
        }
        o.causal = random() % 3 == 0;
        o.offset = one_of(0, 0, 2, -1, 100, -100);
        o.window = {one_of(unlimited, std::size_t{0}, std::size_t{3}, std::size_t{40}),
                    one_of(unlimited, unlimited, std::size_t{0}, std::size_t{5})};
        if (many_sinks)
          o.sink = sinks;
        else
          o.sink = random() % 2 ? -inf : sinks[0];
        o.on_empty_row = random() % 2 ? xact::empty_row::zero : xact::empty_row::nan;
        vector<double> x(rows * columns);
        const double centre =
            one_of(0., 0., 0., 0., 1e4, -65000., f.format.digits == 11 || std::isinf(f.round(1e10)) ? 5e4 : 1e10);
        for (double &v : x)
          v = f.round(centre + normal(random));
        if (f.format.digits == 53 && centre != 0)
          o.softcap = 0; // a capped logit errs by 2^-57 of it

        for (const row_operation op : row_operations) {
          const vector<double> y = f.call(op, x, o, {.columns = columns, .in_place = f.one_type && trial % 2 == 0});
          for (std::size_t r = 0; r < rows; ++r) {
            const std::size_t q = o.queries ? r % queries : r, head = o.queries ? r / queries : 0;
            const double slope = o.mask.holds() == xact::option_kind::bytes ? 1
                                 : many_slopes                              ? slopes[head % slopes.size()]
                                                                            : slopes[0];
            const std::size_t mask_row = mask_rows == 1 ? 0 : mask_rows == queries ? q : r;
            const double cap = o.softcap < inf ? o.softcap : 0;
            vector<double> m;
            if (is_masked) {
              for (std::size_t c = 0; c < columns; ++c) {
                const double v = mask.numbers[mask_row * columns + c];
                m.push_back(kind == 5 ? (v == 0 ? 0 : -inf) : std::isinf(v) ? v * slope : v);
              }
            }
            bool contradictory = false; // +inf of a mask and a negative slope
            for (const double v : m)
              contradictory = contradictory || v == inf;
            if (contradictory)
              continue;
            const std::span<const double> row = std::span(x).subspan(r * columns, columns);
            const vector<dd> all = logits_of(row, many_scales ? scales[r] : scales[0], cap, m, slope);
            vector<dd> seen, sink;
            vector<double> got;
            bool hidden_are_right = true, any = false;
            const double none = op == row_operation::log_softmax ? -inf : 0;
            const double s = many_sinks ? sinks[head] : o.sink[0];
            if (s > -inf)
              sink.push_back({s});
            for (std::size_t c = 0; c < columns; ++c) {
              const auto at = static_cast<std::ptrdiff_t>(c), own = static_cast<std::ptrdiff_t>(q) + o.offset;
              const bool visible =
                  (!o.causal || at <= own) &&
                  (o.window.left == unlimited || at >= own - static_cast<std::ptrdiff_t>(o.window.left)) &&
                  (o.window.right == unlimited || at <= own + static_cast<std::ptrdiff_t>(o.window.right));
              any = any || (visible && all[c].hi > -inf);
              if (visible) {
                seen.push_back(all[c]);
                got.push_back(op == row_operation::logsumexp ? 0 : y[r * columns + c]);
              } else if (op != row_operation::logsumexp) {
                hidden_are_right = hidden_are_right && (y[r * columns + c] == none ||
                                                        (std::isnan(y[r * columns + c]) && std::isnan(y[r * columns])));
              }
            }
            CAPTURE(trial, r, rows, queries, columns, static_cast<int>(op), kind, is_masked, centre, cap, s, slope,
                    many_scales ? scales[r] : scales[0]);
            CHECK(hidden_are_right);
            if (op == row_operation::logsumexp)
              got = {y[r]};
            if (any || !sink.empty()) {
              CHECK(within_limit(f, op, got, seen, sink) == "");
            } else {
              const double empty = op == row_operation::logsumexp            ? -inf
                                   : o.on_empty_row == xact::empty_row::zero ? none
                                                                             : nan_;
              CHECK(std::ranges::all_of(op == row_operation::logsumexp
                                            ? got
                                            : vector<double>(y.begin() + std::ptrdiff_t(r * columns),
                                                             y.begin() + std::ptrdiff_t((r + 1) * columns)),
                                        [&](double v) { return same(v, empty); }));
            }
          }
          // A row in pieces, without what a state does not take.
          if (op != row_operation::logsumexp && (o.mask.holds() < xact::option_kind::float16s)) {
            const std::size_t r = random() % rows;
            softmax_options one{.scale = o.scale[r],
                                .softcap = o.softcap,
                                .mask_scale = o.mask_scale[0],
                                .sink = f.round(sinks[0]),
                                .on_empty_row = o.on_empty_row};
            const vector<float> floats(mask.floats.begin(), mask.floats.begin() + std::ptrdiff_t(columns));
            if (is_masked && kind < 2)
              one.mask = floats;
            const std::span<const double> row = std::span(x).subspan(r * columns, columns);
            vector<std::size_t> cuts{0};
            while (cuts.back() < columns)
              cuts.push_back(std::min<std::size_t>(columns, cuts.back() + random() % (columns / 3 + 2)));
            CAPTURE(trial, r, columns, static_cast<int>(op), kind, is_masked, centre, one.scale[0], one.sink[0],
                    o.softcap);
            CHECK(same_rows(f.by_state(op, row, one, cuts, static_cast<unsigned>(random() % 1000)),
                            f.call(op, row, one, {})));
          }
        }
      }
    }
  }
}

TEST_CASE("softcaps and masks where ways to compute a logit meet, against the real numbers, and by a state") {
  constexpr double end = 0x1p18 * 0.69314718055994531; // of what floats cut
  for (const row_subject &f : row_subjects()) {
    DYNAMIC_SECTION(f.name) {
      std::mt19937_64 random(Catch::getSeed());
      std::normal_distribution<double> normal(0, 3);
      const auto one_of = [&](auto... x) { return std::array{x...}[random() % sizeof...(x)]; };
      for (int trial = 0; trial < 150; ++trial) {
        const std::size_t columns = one_of(3u, 40u, 300u);
        const double scale = one_of(1., 0.125, -0.7), slope = one_of(1., -0.5),
                     cap = one_of(0., 0., 1.5, 30., 64., 65.);
        const double x_at = one_of(0., -1., 1., -2., 0.99, -1e4) * end,
                     m_at = one_of(0., -1., 1., 2., -2., -5e3, 5e3, -1e8) * end;
        vector<double> x(columns), m(columns);
        vector<float> mask(columns);
        for (std::size_t c = 0; c < columns; ++c) {
          const bool is_usual = random() % 3 == 0;
          x[c] =
              cap != 0 ? cap / scale * one_of(0.1, 1.9375, -1.9375, 1.0625, 3., -50.) : (is_usual ? 0 : x_at / scale);
          x[c] = f.round(x[c] + (random() % 2 ? 0 : normal(random)));
          mask[c] = static_cast<float>((random() % 5 == 0 ? 0 : m_at / slope) + (random() % 2 ? 0 : normal(random)));
          m[c] = static_cast<double>(mask[c]);
        }
        if (std::ranges::any_of(x, [](double v) { return std::isinf(v); }) || (f.format.digits == 53 && cap != 0))
          continue; // of double a capped logit errs by 2^-57 of it
        const softmax_options o{.scale = scale, .softcap = cap, .mask = mask, .mask_scale = slope};
        const vector<dd> logits = logits_of(x, scale, cap, m, slope);
        for (const row_operation op : row_operations) {
          CAPTURE(trial, static_cast<int>(op), columns, scale, slope, cap, x_at, m_at);
          const vector<double> y = f.call(op, x, o, {.in_place = f.one_type && trial % 2 == 0});
          CHECK(within_limit(f, op, y, logits) == "");
          const std::vector<std::size_t> cuts{0, random() % columns, columns};
          if (op != row_operation::logsumexp)
            CHECK(same_rows(f.by_state(op, x, o, cuts, static_cast<unsigned>(trial)), y));
        }
      }
    }
  }
}

TEST_CASE("masks as code writes them, on part of a row and on all of it, with scales, and by a state") {
  for (const row_subject &f : row_subjects()) {
    DYNAMIC_SECTION(f.name) {
      std::mt19937_64 random(Catch::getSeed());
      std::normal_distribution<double> normal(0, 6);
      for (const double hidden :
           {-65504., -1e9, -1e10, -1e15, -1e20, -3.4e38, std::numeric_limits<double>::lowest(), -inf}) {
        for (const double slope : {1., 0.3, 0.7}) {
          const bool in_bytes = hidden == -inf, on_all = !in_bytes && random() % 2,
                     in_double = hidden < -1e39 || random() % 4 == 0;
          const double scale = std::array{1., 0.125, 0.7}[random() % 3];
          const double centre = std::array{0., -6e4, f.round(in_bytes ? 1e13 : -100)}[random() % 3];
          const std::size_t columns = 5 + random() % 40;
          vector<double> x(columns), m(columns);
          vector<float> floats(columns);
          vector<unsigned char> bytes(columns);
          for (std::size_t c = 0; c < columns; ++c) {
            x[c] = f.round((std::isinf(centre) ? 5e4 : centre) + normal(random));
            m[c] = on_all || (c > 0 && random() % 2) ? hidden : 0;
            m[c] = c > 0 && random() % 8 == 0 ? -inf : m[c];
            floats[c] = in_double ? 0 : static_cast<float>(m[c]);
            m[c] = in_double ? m[c] : static_cast<double>(floats[c]);
            bytes[c] = m[c] == 0;
          }
          softmax_options o{.scale = scale, .mask_scale = slope};
          if (in_bytes)
            o.mask = bytes;
          else if (in_double)
            o.mask = m;
          else
            o.mask = floats;
          vector<double> infinite = m; // a number that is added to all makes no difference
          for (double &v : infinite)
            v = std::isinf(v) ? v : 0;
          const vector<dd> logits = logits_of(x, scale, 0, m, slope), without = logits_of(x, scale, 0, infinite);
          for (const row_operation op : row_operations) {
            CAPTURE(hidden, slope, scale, centre, on_all, in_double, columns, static_cast<int>(op));
            const vector<double> y = f.call(op, x, o, {});
            CHECK(within_limit(f, op, y, on_all && op != row_operation::logsumexp ? without : logits) == "");
            if (op != row_operation::logsumexp)
              CHECK(same_rows(f.by_state(op, x, o, std::array{std::size_t{0}, random() % columns, columns}, 1), y));
          }
        }
      }
    }
  }
}

TEST_CASE("options: NaN, infinities, and what is beyond a type") {
  for (const row_subject &f : row_subjects()) {
    CAPTURE(f.name);
    const auto soft = [&](vector<double> row, softmax_options o) {
      for (double &x : row)
        x = f.round(x);
      return f.call(row_operation::softmax, row, o, {});
    };
    constexpr auto zero = xact::empty_row::zero;
    CHECK(same_rows(soft({inf, 1, -inf}, {.scale = 2}), {1, 0, 0}));
    CHECK(same_rows(soft({6e4, 2e4}, {.scale = 1e304}), {1, 0})); // logits beyond double
    CHECK(same_rows(soft({6e4, 6e4, nan_}, {.scale = 1e300}), {nan_, nan_, nan_}));
    CHECK(same_rows(soft({0, 1, 0.5}, {.scale = 1e40}), {0, 1, 0}));
    CHECK(same_rows(soft({5, 1}, {.scale = -1e300}), {0, 1}));
    CHECK(same_rows(soft({1, 1}, {.scale = 0}), {0.5, 0.5}));
    CHECK(same_rows(soft({1, 1}, {.scale = 1e-320}), {0.5, 0.5}));
    CHECK(same_rows(soft({inf, 1}, {.scale = 0}), {nan_, nan_}));
    CHECK(same_rows(soft({inf, -inf}, {.softcap = 2}), soft({2, -2}, {})));
    CHECK(same_rows(soft({inf, -inf, nan_}, {.softcap = 2}), {nan_, nan_, nan_}));
    CHECK(same_rows(soft({1, 1}, {.sink = -inf}), {0.5, 0.5}));
    CHECK(same_rows(soft({1, 1}, {.sink = inf}), {0, 0}));
    CHECK(same_rows(soft({inf, 1}, {.sink = inf}), {0.5, 0}));
    CHECK(same_rows(soft({-inf, -inf}, {.sink = 3}), {0, 0})); // the sink takes it all
    CHECK(same_rows(soft({-inf, -inf}, {.sink = -1e300}), {0, 0}));
    CHECK(same_rows(soft({-inf, -inf}, {.on_empty_row = zero}), {0, 0}));
    CHECK(same_rows(soft({-inf, nan_}, {.on_empty_row = zero}), {nan_, nan_}));
    CHECK(same_rows(soft({1, 1}, {.sink = 1e300}), {0, 0}));
    const vector<float> added = {-HUGE_VALF, 0, HUGE_VALF};
    CHECK(same_rows(soft({1, 1, 1}, {.mask = added}), {0, 0, 1}));
    CHECK(same_rows(soft({inf, 1, 1}, {.mask = added}), {nan_, nan_, nan_}));
    const vector<double> lowest(3, std::numeric_limits<double>::lowest()); // "-inf" as some write it
    CHECK(same_rows(soft({1, 1, -inf}, {.mask = lowest}), {0.5, 0.5, 0}));
    for (const double far : {-65504., -1e9, -1e10, -1e15, -3.4e38}) {
      const vector<float> all(3, static_cast<float>(far)), one = {0, static_cast<float>(far), 0};
      CHECK(same_rows(soft({1, 1, nan_}, {.mask = all}), {nan_, nan_, nan_}));
      CHECK(same_rows(soft({5, 90, 5}, {.mask = one}), {0.5, 0, 0.5}));
      const vector<double> row = {1, 2, 3}, mask(3, static_cast<double>(all[0]));
      CHECK(within_limit(f, row_operation::softmax, soft(row, {.mask = all}), logits_of(row, 1, 0, mask)) == "");
    }
    const vector<unsigned char> second = {1, 0, 1}, none(3);
    for (const double hidden : {nan_, inf, 6e4})
      for (const double cap : {0., 0.5, 5., 100., 1e5})
        CHECK(same_rows(soft({1, hidden, 1}, {.softcap = cap, .mask = second}),
                        soft({1, -inf, 1}, {.softcap = cap, .mask = second})));
    CHECK(same_rows(soft({1, inf, 1}, {.scale = -1, .mask = second}), {0.5, 0, 0.5}));
    CHECK(same_rows(soft({1, -inf, 1}, {.scale = 0, .mask = second}), {0.5, 0, 0.5}));
    CHECK(same_rows(soft({1, nan_, 1}, {.mask = none}), {nan_, nan_, nan_}));
    CHECK(same_rows(soft({1, nan_, 1}, {.mask = none, .on_empty_row = zero}), {0, 0, 0}));
    // What is not seen counts nothing; a row with a NaN is all NaN.
    const vector<double> rows = {1, 1, 1, 1, 1, nan_, 1, inf};
    CHECK(same_rows(f.call(row_operation::softmax, rows, {.causal = true, .on_empty_row = zero}, {.columns = 4}),
                    {1, 0, 0, 0, nan_, nan_, nan_, nan_}));
    CHECK(same_rows(
        f.call(row_operation::softmax, rows, {.causal = true, .offset = -1, .on_empty_row = zero}, {.columns = 4}),
        {0, 0, 0, 0, 1, 0, 0, 0}));
    CHECK(
        same_rows(f.call(row_operation::softmax, rows,
                         {.offset = std::numeric_limits<std::ptrdiff_t>::max(), .window = {.left = 1}}, {.columns = 4}),
                  vector<double>(8, nan_)));
    for (const softmax_options &o : {softmax_options{.scale = 0.125}, softmax_options{.mask = std::span<const float>()},
                                     softmax_options{.causal = true, .sink = 1}, softmax_options{.softcap = 2}})
      CHECK(f.call(row_operation::softmax, {}, o, {}).empty());
  }
}

TEST_CASE("options that mean nothing, and what overlaps, are refused before anything is written") {
  vector<float> data(60, 1), before = data, y(60, 1), sums(12, 1);
  const vector<float> seven(7, 0.f), two = {1, NAN}, infinite = {1, HUGE_VALF}, five(5, 1.f);
  const vector<unsigned char> bytes(11);
  const auto refused = [&](const softmax_options &o, const char *argument, std::size_t rows = 12) {
    const std::size_t n = rows * 5;
    const auto check = [&](const char *name, auto &&call) {
      CAPTURE(name, argument);
      try {
        call();
        FAIL_CHECK("not refused");
      } catch (const std::invalid_argument &e) {
        CHECK(std::string(e.what()).find(argument) != std::string::npos);
        CHECK(std::string(e.what()).find(name) != std::string::npos);
      }
      CHECK(data == before);
      CHECK(y == before);
    };
    const auto in = xact::rows(std::span(data).first(n), 5);
    check("softmax", [&] { xact::softmax(in, xact::rows(std::span(y).first(n), 5), o); });
    check("softmax", [&] { xact::softmax(in, o); });
    check("log_softmax", [&] { xact::log_softmax(in, o); });
    check("logsumexp", [&] { xact::logsumexp(in, std::span(sums).first(rows), o); });
    check("backward_from_output", [&] { xact::backward_from_output(xact::softmax, in, in, in, o); });
  };
  refused({.scale = NAN}, "scale is nan");
  refused({.scale = inf}, "scale is inf");
  refused({.scale = five}, "scale has 5");
  refused({.scale = two}, "scale is nan", 2);
  refused({.softcap = NAN}, "softcap is nan");
  refused({.softcap = -1}, "softcap is -1");
  refused({.queries = 5}, "queries = 5");
  refused({.mask = seven}, "mask has 7");
  refused({.mask = bytes}, "mask has 11");
  refused({.queries = 4, .mask = std::span(before).first(15)}, "mask has 15");
  refused({.mask_scale = NAN}, "mask_scale is nan");
  refused({.mask_scale = two}, "mask_scale has 2");
  refused({.queries = 6, .mask_scale = infinite}, "mask_scale is inf");
  refused({.sink = NAN}, "sink is nan");
  CHECK_THROWS_AS(xact::softmax(y, {.accumulate = true}), std::invalid_argument);
  CHECK(y == before);
  refused({.queries = 6, .sink = two}, "sink is nan");
  refused({.queries = 4, .sink = two}, "sink has 2");
  refused({.sink = std::span<const float>()}, "sink has 0");

  // Whatever is read beside the rows must not lie where it is written.
  const auto apart = [&](const char *option, softmax_options o) {
    for (const std::size_t at : std::initializer_list<std::size_t>{0, 23, 55}) {
      vector<float> mixed(200, 1);
      const vector<float> was = mixed;
      const std::span<float> out = std::span(mixed).subspan(40, 60);
      const std::span<const float> over = std::span(mixed).subspan(40 + at, 5),
                                   whole = std::span(mixed).subspan(40 + at, 12);
      if (std::string(option) == "mask")
        o.mask = over;
      else if (std::string(option) == "scale")
        o.scale = whole;
      else if (std::string(option) == "sink")
        o.sink = over.first(1);
      else
        o.mask = five, o.mask_scale = over.first(1);
      CAPTURE(option, at);
      CHECK_THROWS_AS(xact::softmax(xact::rows(data, 5), xact::rows(out, 5), o), std::invalid_argument);
      CHECK_THROWS_AS(xact::softmax(xact::rows(out, 5), o), std::invalid_argument);
      CHECK_THROWS_AS(xact::logsumexp(xact::rows(data, 5), std::span(mixed).subspan(40 + at, 12), o),
                      std::invalid_argument);
      CHECK(mixed == was);
    }
  };
  for (const char *option : {"mask", "scale", "sink", "mask_scale"})
    apart(option, {});
  alignas(4) unsigned char memory[400] = {};
  const auto floats = std::span(reinterpret_cast<float *>(memory), 60);
  const auto halves = std::span(reinterpret_cast<xact::float16 *>(memory), 120);
  CHECK_THROWS_AS(xact::softmax(xact::rows(halves, 10), xact::rows(floats, 5)), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(xact::rows(halves.first(60), 5), xact::rows(floats, 5)), std::invalid_argument);
  CHECK_THROWS_AS(xact::softmax(xact::rows(floats, 5, 7), xact::rows(floats.first(45), 5)), std::invalid_argument);
  CHECK_THROWS_AS(xact::logsumexp(xact::rows(floats, 5), floats.first(12)), std::invalid_argument);
  CHECK_THROWS_AS(xact::logsumexp(xact::rows(data, 5), std::span(sums).first(11)), std::invalid_argument);
}
