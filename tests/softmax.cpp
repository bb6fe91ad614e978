#include <xact/softmax.hpp>

#include "checks/rows.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <xact/float16.hpp>
#include <xact/xact.hpp>

using reference::dd;
using std::vector;

namespace {

constexpr double inf = HUGE_VAL;
const double nan_ = std::nan("");

bool same_rows(const vector<double> &a, const vector<double> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same<double>);
}

} // namespace

TEST_CASE("softmax, log_softmax, logsumexp: accuracy, in every order, place and form, and by a state") {
  for (const row_subject &f : row_subjects()) {
    DYNAMIC_SECTION(f.name) {
      for (const std::size_t n : std::initializer_list<std::size_t>{1, 2, 3, 7, 17, 64, 130, 1000, 1025, 4099, 9001}) {
        std::mt19937 random(static_cast<unsigned>(n));
        for (const vector<double> &row : kinds_of_row(n, f.round)) {
          const vector<dd> logits = logits_of(row, 1);
          for (const row_operation op : row_operations) {
            CAPTURE(n, row[0], static_cast<int>(op));
            const vector<double> y = f.call(op, row, {}, {});
            CHECK(within_limit(f, op, y, logits) == "");
            if (op == row_operation::logsumexp)
              continue;
            vector<std::size_t> order(n);
            std::iota(order.begin(), order.end(), 0u);
            std::shuffle(order.begin(), order.end(), random);
            vector<double> other(n), want(n);
            for (std::size_t i = 0; i < n; ++i)
              other[i] = row[order[i]], want[i] = y[order[i]];
            CHECK(same_rows(f.call(op, other, {}, {.in_place = f.one_type, .skew = random() % 64}), want));
            vector<std::size_t> cuts{0};
            while (cuts.back() < n)
              cuts.push_back(std::min<std::size_t>(n, cuts.back() + random() % (n / 3 + 2)));
            if (std::abs(row[0]) < 1e29)
              CHECK(same_rows(f.by_state(op, row, {}, cuts, static_cast<unsigned>(random())), y));
          }
        }
      }
    }
  }
}

TEST_CASE("rows of softmax are softmax of rows, whatever their neighbours are") {
  for (const row_subject &f : row_subjects()) {
    DYNAMIC_SECTION(f.name) {
      std::mt19937_64 random(5);
      std::normal_distribution<double> normal(0, 3);
      for (const std::size_t columns :
           std::initializer_list<std::size_t>{1, 2, 3, 5, 8, 9, 16, 17, 31, 33, 64, 65, 129, 257, 513, 1025}) {
        const std::size_t count = columns < 100 ? 37 : 9, stride = columns + columns % 3;
        vector<double> x((count - 1) * stride + columns);
        for (double &v : x)
          v = f.round(normal(random));
        for (std::size_t r = 0; r < count; ++r) {
          const std::span<double> row = std::span(x).subspan(r * stride, columns);
          constexpr double odd[] = {0, NAN, inf, 6e4, -6e4, 25, 90, 300, 1e30, -1e9};
          const std::size_t kind = (r * 7 + columns) % 17;
          if (kind < 10)
            row[random() % columns] = f.round(odd[kind]);
          if (kind == 10)
            std::ranges::fill(row, -inf);
          if (kind == 11)
            std::ranges::fill(row, f.round(1.7));
        }
        for (const row_operation op : row_operations) {
          CAPTURE(columns, static_cast<int>(op));
          const vector<double> y =
              f.call(op, x, {}, {.columns = columns, .stride = stride, .in_place = f.one_type && columns % 2 == 0});
          for (std::size_t r = 0; r < count; ++r) {
            const vector<double> row(x.begin() + std::ptrdiff_t(r * stride),
                                     x.begin() + std::ptrdiff_t(r * stride + columns));
            const vector<double> one = f.call(op, row, {}, {});
            const auto first = y.begin() + std::ptrdiff_t(op == row_operation::logsumexp ? r : r * stride);
            CHECK(same_rows(vector<double>(first, first + std::ptrdiff_t(one.size())), one));
          }
        }
      }
    }
  }
}

TEST_CASE("softmax at NaN and infinities") {
  for (const row_subject &f : row_subjects()) {
    const auto soft = [&](vector<double> row) { return f.call(row_operation::softmax, row, {}, {}); };
    const auto log = [&](vector<double> row) { return f.call(row_operation::log_softmax, row, {}, {}); };
    const auto lse = [&](vector<double> row) {
      return f.call(row_operation::logsumexp, row, {}, {.columns = row.size()})[0];
    };
    CAPTURE(f.name);
    CHECK(same_rows(soft({1, nan_, 2}), {nan_, nan_, nan_}));
    CHECK(same_rows(soft({inf, nan_, -inf}), {nan_, nan_, nan_}));
    CHECK(same_rows(soft({-inf, nan_}), {nan_, nan_}));
    CHECK(same_rows(soft({1, inf, 2}), {0, 1, 0}));
    CHECK(same_rows(soft({inf, inf, -inf, inf, inf}), {0.25, 0.25, 0, 0.25, 0.25}));
    CHECK(same_rows(soft({-inf, 5, -inf}), {0, 1, 0}));
    CHECK(same_rows(soft({-inf, 5, 5}), {0, 0.5, 0.5}));
    CHECK(same_rows(soft({-inf, -inf}), {nan_, nan_}));
    CHECK(same_rows(soft({}), {}));
    CHECK(same_rows(soft({f.round(60000), 0}), {1, 0}));
    CHECK(same_rows(log({1, nan_}), {nan_, nan_}));
    CHECK(same_rows(log({-inf, 5}), {-inf, 0}));
    CHECK(log({1, inf, inf})[0] == -inf);
    CHECK(log({1, inf, inf})[1] == log({5, 5})[0]);
    CHECK(std::isnan(lse({1, nan_, inf})));
    CHECK(lse({1, inf, -inf}) == inf);
    CHECK(lse({-inf, 3, -inf}) == 3);
    CHECK(lse({-inf, -inf}) == -inf);
  }
  CHECK(xact::logsumexp(vector<float>{}) == -HUGE_VALF);
}

TEST_CASE("log_softmax where one logit dominates, or two equal ones: relative accuracy near 0") {
  for (const row_subject &f : row_subjects()) {
    for (const std::size_t n : std::initializer_list<std::size_t>{2, 17, 300, 1031, 3000}) {
      for (const double gap : {0.42, 3.0, 12.0, 16.0, 40.0, 90.0, 150.0, 250.0}) {
        for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
          vector<double> row = spread<double>(-3, 0, n);
          for (double &x : row)
            x = f.round(x);
          row[at] = f.round(gap);
          CAPTURE(f.name, n, gap, at);
          CHECK(within_limit(f, row_operation::log_softmax, f.call(row_operation::log_softmax, row, {}, {}),
                             logits_of(row, 1)) == "");
          row[(at + n / 2) % n] = row[at];
          CHECK(within_limit(f, row_operation::log_softmax, f.call(row_operation::log_softmax, row, {}, {}),
                             logits_of(row, 1)) == "");
        }
      }
    }
  }
}

TEST_CASE("softmax of 2^20 columns; it sums to 1") {
  for (const row_subject &f : row_subjects()) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal(0, 3);
    vector<double> spread(1 << 20), flat(1 << 20, f.round(-27.9)); // one peak among terms that count together
    for (double &x : spread)
      x = f.round(normal(random));
    flat[flat.size() / 3] = 0;
    for (const vector<double> &row : {spread, flat}) {
      const vector<double> y = f.call(row_operation::softmax, row, {}, {});
      CAPTURE(f.name, row[0]);
      CHECK(within_limit(f, row_operation::softmax, y, logits_of(row, 1)) == "");
      if (f.format.digits >= 24)
        CHECK(std::abs(std::accumulate(y.begin(), y.end(), 0.0) - 1) < 1e-6);
    }
  }
}

template <class F, class... Args> constexpr bool compiles = requires(const F &f, Args &...args) { f(args...); };

TEST_CASE("softmax takes any contiguous range, of no integers; exact softmax none of double") {
  const std::array<float, 3> in = {0, 0, -INFINITY};
  float c_array[3] = {};
  xact::softmax(in, c_array);
  CHECK(std::ranges::equal(c_array, vector<float>{0.5f, 0.5f, 0}));
  using softmax = decltype(xact::softmax);
  using exact_softmax = decltype(xact::exact(xact::softmax));
  STATIC_REQUIRE(compiles<softmax, const vector<float>, vector<float>>);
  STATIC_REQUIRE(compiles<exact_softmax, vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<softmax, const vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<softmax, vector<int>>);
  STATIC_REQUIRE_FALSE(compiles<softmax, float>);
  STATIC_REQUIRE_FALSE(compiles<exact_softmax, vector<double>>);
  STATIC_REQUIRE_FALSE(compiles<decltype(xact::exact(xact::logsumexp)), vector<double>>);
}

TEST_CASE("results of 16 bits and of exact are the same bits on every ISA") {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&](double y) { hash = (hash ^ std::bit_cast<std::uint64_t>(y)) * 0x100000001b3; };
  for (const row_subject &f : row_subjects()) {
    if (f.format.digits == 24 && f.limit > 1 && f.limit != 2)
      continue; // floats of the default tier, and doubles, are not
    if (f.format.digits == 53)
      continue;
    for (const std::size_t n : std::initializer_list<std::size_t>{1, 10, 333, 5000}) {
      for (const vector<double> &row : kinds_of_row(n, f.round)) {
        for (const row_operation op : row_operations) {
          for (const double cap : {0.0, 30.0})
            for (const double y : f.call(op, row, {.scale = 0.3, .softcap = cap}, {}))
              take(y);
        }
      }
    }
  }
  CHECK(hash == 0xbd13f776c08bccc5);
}

// Rows of each way to make them: in registers, in the first cache, longer, whose terms are made twice.
TEMPLATE_TEST_CASE("one NaN makes its row NaN, whatever its size, and no other", "", float, double, xact::float16,
                   xact::bfloat16) {
  for (const std::size_t columns : {1u, 7u, 16u, 128u, 129u, 200u, 1000u, 4096u, 4099u}) {
    for (const std::size_t at : {std::size_t{0}, columns / 2, columns - 1}) {
      std::vector<TestType> x(3 * columns, TestType(1.0f)), y(x.size(), TestType(2.0f));
      x[columns + at] = TestType(std::numeric_limits<float>::quiet_NaN());
      xact::softmax(xact::rows(x, columns), xact::rows(y, columns));
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < y.size(); ++i) {
        const auto is = static_cast<double>(y[i]);
        wrong += i / columns == 1 ? !std::isnan(is) : !(is > 0 && is <= 1);
      }
      CAPTURE(columns, at);
      CHECK(wrong == 0);
    }
  }
}
