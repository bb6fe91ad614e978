// A row in pieces (its bits: tests/softmax.cpp, softmax_options.cpp), and gradients.

#include <xact/softmax_state.hpp>

#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>
#include <xact/logsumexp.hpp>
#include <xact/rows.hpp>
#include <xact/softmax_backward.hpp>

using std::vector;

static_assert(std::is_trivially_copyable_v<xact::softmax_state>);

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST_CASE("softmax_state: pieces that are empty, masked, or refused") {
  xact::softmax_state state;
  CHECK(state.logsumexp() == -HUGE_VAL);
  state.update(vector<float>{});
  state.update(vector<float>(5, -infinity));
  vector<float> y(5, -7);
  state.write(vector<float>(5, -infinity), y);
  CHECK(std::isnan(y[0]));
  state.write(vector<float>(5, -infinity), y, {.on_empty_row = xact::empty_row::zero});
  CHECK(y == vector<float>(5, 0));
  xact::softmax_options options{.on_empty_row = xact::empty_row::nan}; // not const: once ambiguous
  state.write(vector<float>(5, -infinity), std::span(y), options);
  CHECK(std::isnan(y[4]));

  const vector<float> row = {1, 2, 3, 4};
  state.update(row);
  CHECK(static_cast<float>(state.logsumexp()) == xact::exact(xact::logsumexp)(row));
  const std::array<bool, 3> mask = {};
  y.assign(5, -7);
  CHECK_THROWS_AS(state.update(row, {.mask = mask}), std::invalid_argument);
  CHECK_THROWS_AS(state.write(row, y), std::invalid_argument);
  for (const xact::softmax_options &o :
       {xact::softmax_options{.queries = 1}, xact::softmax_options{.causal = true}, xact::softmax_options{.offset = 1},
        xact::softmax_options{.window = {.left = 1}}, xact::softmax_options{.sink = 1.0},
        xact::softmax_options{.scale = NAN}}) {
    CHECK_THROWS_AS(state.update(row, o), std::invalid_argument);
    CHECK_THROWS_AS(state.write(row, std::span(y).first(4), o), std::invalid_argument);
  }
  CHECK(y == vector<float>(5, -7));
  CHECK(static_cast<float>(state.logsumexp()) == xact::exact(xact::logsumexp)(row)); // as before
  vector<float> zero = {-0.0f};
  xact::softmax_state one;
  one.update(zero);
  one.write(xact::log_softmax, zero, zero);
  CHECK(zero[0] == 0);
}

TEMPLATE_TEST_CASE("a row and its pieces, of logits of every magnitude", "", float, double) {
  using T = TestType;
  findings found;
  std::mt19937 random(7);
  const auto part = [&] { return static_cast<T>(static_cast<int>(random() % 2000) - 1000) / 1000; };
  for (int e = -10; e < (sizeof(T) == 4 ? 127 : 1010); ++e)
    for (int k = 0; k < 40; ++k) {
      vector<T> x(5), y(5), z(5);
      for (T &v : x)
        v = std::ldexp(part(), e);
      if (k % 2)
        x[1] = x[2];
      if (k % 3 == 0)
        for (T &v : x)
          v = x[0] + std::ldexp(T(random() % 8), e - std::numeric_limits<T>::digits);
      const xact::softmax_options options{.scale = k % 4 < 2 ? 1 : 0.08838834764831845};
      xact::softmax(x, y, options);
      xact::softmax_state left, right;
      left.update(std::span(x).first(2), options);
      right.update(std::span(x).subspan(2), options);
      right.merge(left);
      right.write(std::span(x).first(2), std::span(z).first(2), options);
      right.write(std::span(x).subspan(2), std::span(z).subspan(2), options);
      const T sum = y[0] + y[1] + y[2] + y[3] + y[4];
      if (!(std::abs(sum - 1) < T(1e-6)) || std::memcmp(y.data(), z.data(), 5 * sizeof(T)) != 0)
        found.add("2^" + std::to_string(e) + ": " + show(y[0]) + " and " + show(z[0]));
    }
  CHECK(found.report() == "");
}

namespace {

/// Each element within so many ULP of the largest number that its difference is made of.
template <class T, class F> void check_gradient(const F &f, bool log) {
  const long double unit = std::numeric_limits<T>::epsilon();
  for (const std::size_t n : std::initializer_list<std::size_t>{1, 3, 31, 64, 1000, 4099}) {
    const vector<T> y = log ? spread<T>(-20, 0, n) : spread<T>(0, 2.0 / static_cast<double>(n), n);
    vector<T> dy = spread<T>(-5, 5, n + 1), dx(n);
    dy.erase(dy.begin());
    xact::backward_from_output(f, y, dy, dx, {.scale = 0.3});
    long double sum = 0, worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum += static_cast<long double>(dy[i]) * (log ? 1 : static_cast<long double>(y[i]));
    for (std::size_t i = 0; i < n; ++i) {
      const auto p = static_cast<long double>(y[i]), g = static_cast<long double>(dy[i]);
      const long double want = 0.3L * (log ? g - std::exp(p) * sum : p * (g - sum));
      const long double scale =
          0.3L * (log ? std::abs(g) + std::abs(std::exp(p) * sum) : p * (std::abs(g) + std::abs(sum)));
      worst = std::max(worst, std::abs(static_cast<long double>(dx[i]) - want) /
                                  (scale * unit + std::numeric_limits<T>::denorm_min()));
    }
    CAPTURE(n, log);
    CHECK(worst <= (sizeof(T) == 4 ? 3 : 40)); // double: the sum's own error counts
    vector<T> in_y = y, in_dy = dy;
    xact::backward_from_output(f, in_y, dy, in_y, {.scale = 0.3});
    CHECK(in_y == dx);
    xact::backward_from_output(f, y, in_dy, in_dy, {.scale = 0.3});
    CHECK(in_dy == dx);
    xact::backward_from_output(f, y, dy, in_y = y, {.scale = 0.3, .accumulate = true});
    for (std::size_t i = 0; i < n; ++i)
      REQUIRE(std::abs(in_y[i] - (y[i] + dx[i])) <=
              std::numeric_limits<T>::epsilon() * (std::abs(dx[i]) + std::abs(y[i])));
  }
}

} // namespace

TEMPLATE_TEST_CASE("gradients of softmax and log_softmax", "", float, double) {
  check_gradient<TestType>(xact::softmax, false);
  check_gradient<TestType>(xact::log_softmax, true);
}

TEST_CASE("gradients of rows, a NaN in one of them, of other types, and through options") {
  const vector<float> y = {0.25f, 0.75f, NAN, 0.5f, 1, 0};
  const vector<float> dy = {1, 2, 3, 4, -1, INFINITY};
  vector<float> dx(6, -7);
  xact::backward_from_output(xact::softmax, xact::rows(y, 2), xact::rows(dy, 2), xact::rows(dx, 2));
  CHECK(dx[0] == -0.1875f); // 0.25 * (1 - 1.75)
  CHECK(dx[1] == 0.1875f);
  for (std::size_t i = 2; i < 6; ++i)
    CHECK(std::isnan(dx[i]));
  const vector<xact::float16> half = {0.25f, 0.75f};
  vector<xact::bfloat16> brain(2);
  xact::backward_from_output(xact::softmax, half, std::span(dy).first(2), brain);
  CHECK(static_cast<float>(brain[0]) == -0.1875f);
  xact::backward_from_output(xact::log_softmax, vector<float>{0, -INFINITY}, vector<float>{2, 3},
                             std::span(dx).first(2));
  CHECK(dx[0] == -3); // 2 - 5; -inf passes dy on
  CHECK(dx[1] == 3);

  for (const bool log : {false, true}) {
    // Hidden elements get 0, whatever dy says; a row without probabilities under `zero` too.
    const std::array<bool, 8> mask = {true, true, false, true, false, false, false, false};
    vector<float> x(8, 1), g = {1, 2, NAN, 3, 4, 5, 6, 7}, z(8, -7);
    const xact::softmax_options o{
        .mask = mask, .causal = true, .offset = 1, .sink = 0.5, .on_empty_row = xact::empty_row::zero};
    xact::softmax_options empty = o;
    empty.sink = -HUGE_VAL;
    log ? xact::log_softmax(xact::rows(x, 4), empty) : xact::softmax(xact::rows(x, 4), empty);
    log ? xact::backward_from_output(xact::log_softmax, xact::rows(x, 4), xact::rows(g, 4), xact::rows(z, 4), empty)
        : xact::backward_from_output(xact::softmax, xact::rows(x, 4), xact::rows(g, 4), xact::rows(z, 4), empty);
    empty.accumulate = true;
    vector<float> more(8, 2);
    log ? xact::backward_from_output(xact::log_softmax, xact::rows(x, 4), xact::rows(g, 4), xact::rows(more, 4), empty)
        : xact::backward_from_output(xact::softmax, xact::rows(x, 4), xact::rows(g, 4), xact::rows(more, 4), empty);
    for (std::size_t i = 0; i < 8; ++i)
      CHECK(std::abs(more[i] - (2 + z[i])) < 1e-6f);
    CHECK(z[0] == -z[1]);
    CHECK(std::abs(z[1] - (log ? 0.5f : 0.25f)) < 1e-6f);
    CHECK(vector<float>(z.begin() + 2, z.end()) == vector<float>(6, 0));
  }
}

TEST_CASE("gradients refuse other shapes, overlaps and a softcap") {
  const vector<float> y(6), dy(5);
  vector<float> dx(6, -7);
  const auto back = [](const auto &...x) { xact::backward_from_output(xact::softmax, x...); };
  CHECK_THROWS_AS(back(y, dy, std::span(dx)), std::invalid_argument);
  CHECK_THROWS_AS(back(dy, y, std::span(dx)), std::invalid_argument);
  CHECK_THROWS_AS(back(xact::rows(y, 2), xact::rows(y, 3), xact::rows(dx, 2)), std::invalid_argument);
  CHECK_THROWS_AS(back(std::span(dx).first(5), dy, std::span(dx).last(5)), std::invalid_argument);
  CHECK_THROWS_AS(back(dy, std::span(dx).first(5), std::span(dx).last(5)), std::invalid_argument);
  CHECK_THROWS_AS(back(y, y, std::span(dx), xact::softmax_options{.softcap = 3}), std::invalid_argument);
  CHECK(dx == vector<float>(6, -7));
}
