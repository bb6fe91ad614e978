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
