#include <xact/softmax_options.hpp>

#include "row_function.hpp"

#include <xact/log_softmax.hpp>
#include <xact/logsumexp.hpp>
#include <xact/softmax.hpp>

using std::vector;
using xact::softmax;

static const vector<float> logits = spread<float>(-9, 9, 150);
static constexpr float infinity = std::numeric_limits<float>::infinity();

TEST_CASE("scale") {
  vector<float> eighth = logits;
  for (float &x : eighth)
    x *= 0.125f;
  CHECK(result_of<float>(softmax, logits, xact::softmax_options{.scale = 0.125}) == result_of<float>(softmax, eighth));
}

TEST_CASE("softcap") {
  vector<double> capped(logits.begin(), logits.end());
  for (double &x : capped)
    x = 5 * std::tanh(0.7 * x / 5);
  const reference::row_truth sum(std::span<const double>{capped});
  const xact::softmax_options options{.scale = 0.7, .softcap = 5};
  const vector<float> y = result_of<float>(softmax, logits, options);
  const vector<float> exactly = result_of<float>(xact::exact(softmax), logits, options);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    CHECK(std::abs(reference::ulps(y[i], sum.softmax(capped[i]))) <= 3);
    CHECK(std::abs(reference::ulps(exactly[i], sum.softmax(capped[i]))) < 0.51); // tanh of libm is within 2^-50
  }
}

TEST_CASE("mask") {
  vector<unsigned char> takes_part(logits.size());
  vector<float> added(logits.size());
  vector<float> left_out = logits;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    takes_part[i] = i % 3 != 1;
    added[i] = takes_part[i] ? 0 : -infinity;
    if (!takes_part[i])
      left_out[i] = -infinity;
  }
  const vector<float> want = result_of<float>(softmax, left_out);
  CHECK(result_of<float>(softmax, logits, xact::softmax_options{.mask = takes_part}) == want);
  CHECK(result_of<float>(softmax, logits, xact::softmax_options{.mask = added}) == want);
  vector<float> with_nan = logits;
  with_nan[1] = NAN; // left out
  CHECK(result_of<float>(softmax, with_nan, xact::softmax_options{.mask = takes_part}) == want);

  vector<float> sum = logits;
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum[i] = logits[i] + (added[i] = static_cast<float>(i % 5));
  const vector<double> sum_in_double = [&] {
    vector<double> result(logits.begin(), logits.end());
    for (std::size_t i = 0; i < logits.size(); ++i)
      result[i] += static_cast<double>(added[i]);
    return result;
  }();
  const reference::row_truth truth(std::span<const double>{sum_in_double});
  const vector<float> y = result_of<float>(softmax, logits, xact::softmax_options{.mask = added});
  const vector<float> exactly = result_of<float>(xact::exact(softmax), logits, xact::softmax_options{.mask = added});
  for (std::size_t i = 0; i < logits.size(); ++i) {
    CHECK(std::abs(reference::ulps(y[i], truth.softmax(sum_in_double[i]))) <= 3);
    CHECK(std::abs(reference::ulps(exactly[i], truth.softmax(sum_in_double[i]))) < 0.51);
  }
}

TEST_CASE("a mask for all rows, or one for each") {
  const std::array<bool, 6> each = {true, false, true, true, true, false};
  const vector<float> ones(6, 1);
  vector<float> y(6);
  softmax(xact::rows(ones, 3), xact::rows(y, 3), {.mask = each});
  CHECK(y == vector<float>{0.5f, 0, 0.5f, 0.5f, 0.5f, 0});
  const std::array<bool, 3> all = {false, true, true};
  softmax(xact::rows(ones, 3), xact::rows(y, 3), {.mask = all});
  CHECK(y == vector<float>{0, 0.5f, 0.5f, 0, 0.5f, 0.5f});
}

TEST_CASE("causal") {
  vector<float> y(9, 1);
  softmax(xact::rows(y, 3), {.causal = 0});
  CHECK(same_rows(y, {1, 0, 0, 0.5f, 0.5f, 0, 1 / 3.f, 1 / 3.f, 1 / 3.f}));
  y.assign(9, 1);
  softmax(xact::rows(y, 3), {.causal = -1, .on_empty_row = xact::empty_row::zero});
  CHECK(same_rows(y, {0, 0, 0, 1, 0, 0, 0.5f, 0.5f, 0}));
}

TEST_CASE("sink") {
  vector<float> with_sink = logits;
  with_sink.push_back(2.5f);
  vector<float> want = result_of<float>(softmax, with_sink);
  want.pop_back();
  CHECK(result_of<float>(softmax, logits, xact::softmax_options{.sink = 2.5}) == want);
}

TEST_CASE("causal: any offset, and what is not seen counts nothing, not even a NaN") {
  const vector<float> ones(12, 1);
  const auto row_1_of = [&](std::ptrdiff_t offset) {
    vector<float> x = ones;
    x[7] = NAN; // column 3 of row 1
    softmax(xact::rows(x, 4), {.causal = offset, .on_empty_row = xact::empty_row::zero});
    return vector<float>(x.begin() + 4, x.begin() + 8);
  };
  constexpr auto most = std::numeric_limits<std::ptrdiff_t>::max();
  CHECK(same_rows(row_1_of(-most - 1), {0, 0, 0, 0}));
  CHECK(same_rows(row_1_of(-2), {0, 0, 0, 0}));
  CHECK(same_rows(row_1_of(-1), {1, 0, 0, 0}));
  CHECK(same_rows(row_1_of(1), {1 / 3.f, 1 / 3.f, 1 / 3.f, 0}));
  CHECK(same_rows(row_1_of(2), {NAN, NAN, NAN, NAN}));
  CHECK(same_rows(row_1_of(most), {NAN, NAN, NAN, NAN}));
  vector<float> log = ones;
  xact::log_softmax(xact::rows(log, 4), {.causal = 0});
  CHECK(log[0] == 0);
  CHECK(log[1] == -infinity);
}

TEST_CASE("sink: infinities and NaN") {
  const auto with = [](vector<float> row, double sink) {
    return result_of<float>(softmax, row, xact::softmax_options{.sink = sink, .on_empty_row = xact::empty_row::zero});
  };
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(same_rows(with({1, 1}, -inf), {0.5f, 0.5f}));
  CHECK(same_rows(with({1, 1}, inf), {0, 0}));
  CHECK(same_rows(with({infinity, 1}, inf), {0.5f, 0}));
  CHECK(same_rows(with({1, 1}, NAN), {NAN, NAN}));
  CHECK(same_rows(with({-infinity, -infinity}, 3), {0, 0})); // the sink takes it all
  CHECK(same_rows(with({-infinity, -infinity}, -inf), {0, 0}));
  CHECK(same_rows(with({1e5f, 0}, 1e5), {0.5f, 0})); // where terms are no floats
  CHECK(same_rows(with({0, 0}, 0.5), {1 / (2 + std::exp(0.5f)), 1 / (2 + std::exp(0.5f))}));
}

TEST_CASE("options: NaN and infinities") {
  const auto f = [](vector<float> row, const xact::softmax_options &options) {
    return result_of<float>(softmax, row, options);
  };
  CHECK(same_rows(f({infinity, 1, -infinity}, {.scale = 2}), {1, 0, 0}));
  CHECK(same_rows(f({3e38f, 2e38f}, {.scale = 10}), {1, 0})); // logits beyond float
  CHECK(same_rows(f({3e38f, 3e38f, NAN}, {.scale = 10}), {NAN, NAN, NAN}));
  CHECK(same_rows(f({1, 1}, {.scale = 0}), {0.5f, 0.5f}));
  CHECK(same_rows(f({infinity, 1}, {.scale = 0}), {NAN, NAN}));
  CHECK(same_rows(f({5, 0, 2}, {.scale = -infinity}), {NAN, NAN, NAN}));
  CHECK(same_rows(f({infinity, -infinity}, {.softcap = 2}), f({2, -2}, {})));
  const vector<float> added = {-infinity, 0, infinity};
  CHECK(same_rows(f({1, 1, 1}, {.mask = added}), {0, 0, 1}));
  CHECK(same_rows(f({infinity, 1, 1}, {.mask = added}), {NAN, NAN, NAN}));
  const vector<double> lowest(3, std::numeric_limits<double>::lowest()); // "-inf" as some write it
  CHECK(same_rows(f({1, 1, -infinity}, {.mask = lowest}), {0.5f, 0.5f, 0}));
  CHECK(same_rows(f({-infinity, -infinity}, {.sink = -1e300}), {0, 0}));
  CHECK(same_rows(f({-3e38f, -3e38f}, {.scale = 2}), {0.5f, 0.5f}));
  const vector<float> far(3, -1e9f);
  CHECK(same_rows(f({1, 1, NAN}, {.mask = far}), {NAN, NAN, NAN}));
}

TEST_CASE("all options together") {
  std::mt19937_64 random(8);
  for (const std::size_t columns : std::initializer_list<std::size_t>{1, 7, 64, 1000, 3001}) {
    vector<float> x = spread<float>(-30, 30, 3 * columns);
    vector<float> mask(columns);
    for (float &m : mask)
      m = random() % 5 == 0 ? -infinity : -0.1f * static_cast<float>(random() % 50);
    mask[columns / 2] = 0.3f;
    const xact::softmax_options options{
        .scale = 0.37, .softcap = 11, .mask = mask, .causal = static_cast<std::ptrdiff_t>(columns) - 2, .sink = 1.5};
    vector<float> y(x.size()), log(x.size()), exact(x.size());
    softmax(xact::rows(x, columns), xact::rows(y, columns), options);
    xact::exact(softmax)(xact::rows(x, columns), xact::rows(exact, columns), options);
    xact::log_softmax(xact::rows(x, columns), xact::rows(log, columns), options);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t seen = std::min(columns, i + columns - 1);
      vector<double> made;
      for (std::size_t k = 0; k < seen; ++k) {
        const double scaled = 0.37 * static_cast<double>(x[i * columns + k]);
        made.push_back(11 * std::tanh(scaled / 11) + static_cast<double>(mask[k]));
      }
      made.push_back(1.5);
      const reference::row_truth truth(std::span<const double>{made});
      double worst = 0, worst_exact = 0, worst_log = 0;
      bool rest = true;
      for (std::size_t k = 0; k < columns; ++k) {
        const std::size_t at = i * columns + k;
        if (k >= seen || made[k] == -HUGE_VAL) {
          rest = rest && y[at] == 0 && exact[at] == 0 && log[at] == -infinity;
        } else {
          worst = std::max(worst, std::abs(reference::ulps(y[at], truth.softmax(made[k]))));
          worst_exact = std::max(worst_exact, std::abs(reference::ulps(exact[at], truth.softmax(made[k]))));
          worst_log = std::max(worst_log, std::abs(reference::ulps(log[at], truth.log_softmax(made[k]))));
        }
      }
      CAPTURE(columns, i);
      CHECK(rest);
      CHECK(worst <= 3);
      CHECK(worst_exact <= 0.51);
      CHECK(worst_log <= 3);
    }
  }
}

TEST_CASE("rows without probabilities") {
  const vector<float> empty(3, -infinity);
  const xact::softmax_options zero = {.on_empty_row = xact::empty_row::zero};
  CHECK(same_rows(result_of<float>(softmax, empty), {NAN, NAN, NAN}));
  CHECK(same_rows(result_of<float>(softmax, empty, zero), {0, 0, 0}));
  CHECK(same_rows(result_of<float>(xact::log_softmax, empty), {NAN, NAN, NAN}));
  CHECK(same_rows(result_of<float>(xact::log_softmax, empty, zero), {-infinity, -infinity, -infinity}));
  CHECK(std::isnan(result_of<float>(softmax, {-infinity, NAN}, zero)[0]));
  const std::array<bool, 3> nothing = {};
  CHECK(same_rows(result_of<float>(softmax, {1, 2, 3},
                                   xact::softmax_options{.mask = nothing, .on_empty_row = xact::empty_row::zero}),
                  {0, 0, 0}));
}

TEST_CASE("a mask of another shape") {
  const vector<bool>::size_type columns = 10;
  const std::array<bool, 7> mask = {};
  vector<float> data(60, 1);
  const vector<float> before = data;
  CHECK_THROWS_AS(softmax(xact::rows(data, columns), {.mask = mask}), std::invalid_argument);
  CHECK(data == before);
}

TEST_CASE("a cap holds infinities and what overflows") {
  const xact::softmax_options options = {.scale = 4, .softcap = 1.5};
  const float up = 1.5, down = -1.5;
  const float little = static_cast<float>(1.5 * std::tanh(4 * 0.125 / 1.5));
  const auto check = [&](const auto &f, double ulps) {
    const vector<float> got = result_of<float>(f, {-infinity, infinity, 3e38f, -3e38f, 0.125f}, options);
    const vector<float> want = result_of<float>(f, {down, up, up, down, little});
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(std::abs(got[i] - want[i]) <= ulps * 0x1p-23 * std::abs(want[i]));
  };
  check(softmax, 4);
  check(xact::fast(softmax), 20);
  check(xact::exact(softmax), 2);
  check(xact::log_softmax, 4);
  CHECK(std::isnan(result_of<float>(softmax, {NAN, 1}, options)[1]));
}
