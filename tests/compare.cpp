// compare, against plain loops in long double and sorted rows.

#include <xact/compare.hpp>

#include "narrow_float.hpp"
#include "quantization.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>

using std::vector;
using xact::float16, xact::bfloat16, xact::float8_e4m3, xact::drift;

static_assert(std::is_trivially_copyable_v<drift>);

namespace {

template <class B> constexpr int mantissa_of = std::numeric_limits<B>::digits - 1;
template <class F> constexpr int mantissa_of<xact::narrow_float<F>> = F::mantissa_bits;
template <class B> constexpr int lowest_exponent = std::numeric_limits<B>::min_exponent - 1;
template <class F> constexpr int lowest_exponent<xact::narrow_float<F>> = 1 - F::bias;

/// What compare says, by the definition; the sums in long double.
struct truth {
  std::size_t count = 0, compared = 0, nan_mismatches = 0, infinity_mismatches = 0, at = drift::none;
  double max_error = 0;
  std::array<std::size_t, 32> ulps = {};
  long double errors = 0, squared = 0, reference = 0, candidate = 0, products = 0, magnitudes = 0;
};
template <class A, class B> truth truth_of(const vector<A> &x, const vector<B> &y, std::size_t first) {
  truth t;
  t.count = x.size();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto a = static_cast<double>(x[i]), b = static_cast<double>(y[i]);
    t.nan_mismatches += std::isnan(a) != std::isnan(b);
    t.infinity_mismatches += !std::isnan(a) && !std::isnan(b) && (std::isinf(a) || std::isinf(b)) && a != b;
    if (!std::isfinite(a) || !std::isfinite(b))
      continue;
    ++t.compared;
    const double error = std::abs(b - a);
    if (error > t.max_error)
      t.max_error = error, t.at = first + i;
    const int exponent = a == 0 ? lowest_exponent<B> : std::max(std::ilogb(a), lowest_exponent<B>);
    const long double units = std::ldexp(static_cast<long double>(error), mantissa_of<B> - exponent);
    std::size_t bin = units == 0 ? 0 : 1;
    for (long double up_to = 0.5L; units > up_to && bin < 31; up_to *= 2)
      ++bin;
    ++t.ulps[bin];
    const auto p = static_cast<long double>(a), q = static_cast<long double>(b);
    t.errors += static_cast<long double>(error), t.squared += static_cast<long double>(error) * error;
    t.reference += p * p, t.candidate += q * q, t.products += p * q, t.magnitudes += std::abs(p * q);
  }
  return t;
}

bool near(double x, long double y, long double scale) {
  return std::abs(static_cast<long double>(x) - y) <= 1e-12L * scale;
}
std::string differences(const drift &d, const truth &t) {
  std::string text;
  const auto look = [&](const char *name, bool right) { text += right ? "" : std::string(name) + "; "; };
  look("count", d.count == t.count), look("compared", d.compared == t.compared);
  look("nan", d.nan_mismatches == t.nan_mismatches), look("infinity", d.infinity_mismatches == t.infinity_mismatches);
  look("max_error", d.max_error == t.max_error), look("at", d.at == t.at);
  look("ulps", std::equal(t.ulps.begin(), t.ulps.end(), d.ulps));
  if (t.compared == 0) {
    look("no mean", std::isnan(d.mean_error()) && std::isnan(d.cosine()) && std::isnan(d.relative_l2()));
    return text;
  }
  look("mean", near(d.mean_error(), t.errors / static_cast<long double>(t.compared),
                    t.errors / static_cast<long double>(t.compared)));
  if (t.reference > 0 && t.candidate > 0) {
    const long double lengths = std::sqrt(t.reference * t.candidate);
    look("cosine", near(d.cosine(), t.products / lengths, t.magnitudes / lengths));
    look("l2", near(d.relative_l2(), std::sqrt(t.squared / t.reference), std::sqrt(t.squared / t.reference)));
  }
  return text;
}

template <class A, class B> std::pair<vector<A>, vector<B>> pairs(std::size_t n, bool special) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0, 3);
  std::uniform_int_distribution<int> bits(0, 12);
  vector<A> x(n);
  vector<B> y(n);
  const float some[] = {NAN, INFINITY, -INFINITY, 0, -0.0f, 1e-40f, 1e-7f, 448};
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = A(normal(random) * std::ldexp(1.0, -bits(random)));
    y[i] = B(static_cast<double>(x[i]) * (1 + (i % 3 == 0 ? 0 : std::ldexp(normal(random), -2 * bits(random)))));
    if (special && random() % 20 == 0)
      x[i] = A(some[random() % 8]);
    if (special && random() % 20 == 0)
      y[i] = B(some[random() % 8]);
  }
  return {x, y};
}

template <class A, class B> void check_pairs() {
  findings found;
  for (const bool special : {false, true}) {
    const auto [x, y] = pairs<A, B>(4099, special);
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 7, 16, 33, 100, 1024, 1025, 3000, 4099}) {
      const vector<A> a(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n));
      const vector<B> b(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(n));
      const std::string text = differences(xact::compare(a, b, 9), truth_of(a, b, 9));
      if (!text.empty())
        found.add(std::to_string(n) + (special ? " special: " : ": ") + text);
    }
  }
  CHECK(found.report() == "");
}

} // namespace

TEMPLATE_TEST_CASE("compare of any two types", "", float, double, float16, bfloat16, float8_e4m3) {
  check_pairs<TestType, TestType>();
  check_pairs<float, TestType>();
  check_pairs<double, TestType>();
}

TEST_CASE("errors in units of the candidate's type, subnormal ones too") {
  const auto bin = []<class B>(double reference, B candidate) {
    const drift d = xact::compare(vector<double>{reference}, vector<B>{candidate});
    return std::find(std::begin(d.ulps), std::end(d.ulps), 1u) - std::begin(d.ulps);
  };
  CHECK(bin(1.0, 1.0f) == 0);
  CHECK(bin(1 + 0x1p-24, 1.0f) == 1);            // half a unit
  CHECK(bin(1 + 0x1.8p-24, 1.0f) == 2);          // three quarters
  CHECK(bin(1.0, 1 + 0x1p-23f) == 2);            // one
  CHECK(bin(1.0, 1 + 0x1p-22f) == 3);            // two
  CHECK(bin(1.0, 1 + 0x1.8p-22f) == 4);          // three
  CHECK(bin(0.0, 0x1p-149f) == 2);               // the unit of 0 is the smallest number
  CHECK(bin(0x1p-1074, 0x1.8p-1073) == 3);       // two, of double
  CHECK(bin(0x1p-1074, 0x1p-1022) == 31);        // the last bin has no end
  CHECK(bin(1.0, bfloat16(1.0078125f)) == 2);    // one, of bfloat16
  CHECK(bin(0x1p-24, float16(0x1.8p-23f)) == 3); // two, subnormal
}

TEST_CASE("parts merge to the whole in any order") {
  const auto [x, y] = pairs<float, bfloat16>(20'000, true);
  vector<drift> parts;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < x.size();) {
    const std::size_t n = std::min<std::size_t>(random() % 1500, x.size() - i);
    parts.push_back(xact::compare(std::span(x).subspan(i, n), std::span(y).subspan(i, n), i));
    i += n;
  }
  const truth whole = truth_of(x, y, 0);
  for (int order = 0; order < 20; ++order) {
    std::ranges::shuffle(parts, random);
    drift all, half;
    for (std::size_t i = 0; i < parts.size(); ++i)
      (i % 2 == 0 ? all : half).merge(parts[i]);
    all.merge(half);
    CHECK(differences(all, whole) == "");
  }
  const drift same = xact::compare(x, x);
  CHECK(same.nan_mismatches + same.infinity_mismatches == 0);
  CHECK(same.max_error == 0);
  CHECK(same.relative_l2() == 0);
  CHECK(std::abs(same.cosine() - 1) < 1e-12);
  CHECK(same.ulps[0] == same.compared);
  const vector<float> zero(40), one(40, 1);
  CHECK(xact::compare(zero, zero).cosine() == 1);
  CHECK(xact::compare(zero, one).cosine() == 0);
  CHECK(xact::compare(zero, one).relative_l2() == HUGE_VAL);
  CHECK(xact::compare(vector<double>{1e308}, vector<double>{-1e308}).max_error == HUGE_VAL);
}

TEST_CASE("a NaN is in no mean, and the mean says over how many it is") {
  vector<float> x(100, 1), y(100, 1.5f);
  x[3] = y[90] = NAN, x[50] = y[50] = NAN, y[60] = INFINITY, x[61] = y[61] = -INFINITY;
  const drift d = xact::compare(x, y);
  CHECK(d.nan_mismatches == 2);
  CHECK(d.infinity_mismatches == 1);
  CHECK(d.count == 100);
  CHECK(d.compared == 95);
  CHECK(d.mean_error() == 0.5);
  CHECK(d.at == 0);
}

namespace {

/// The k largest that are not NaN, by sorting.
template <class E> vector<std::size_t> largest(std::span<const E> row, std::size_t k) {
  vector<std::size_t> order;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (!std::isnan(static_cast<double>(row[i])))
      order.push_back(i);
  std::ranges::stable_sort(
      order, [&](std::size_t i, std::size_t j) { return static_cast<double>(row[i]) > static_cast<double>(row[j]); });
  order.resize(std::min(k, order.size()));
  std::ranges::sort(order);
  return order;
}

template <class A, class B> void check_rows(std::size_t columns, bool special) {
  const std::size_t rows = 30, stride = columns + 3;
  auto [x, y] = pairs<A, B>(rows * stride, special);
  for (std::size_t i = 0; i < x.size(); i += 3) // ties
    x[i] = A(std::round(static_cast<double>(x[i]))), y[i] = B(std::round(static_cast<double>(y[i])));
  for (const std::size_t k : {std::size_t{1}, std::size_t{3}, columns / 2, columns}) {
    if (k == 0 || k > columns)
      continue;
    std::size_t top = 0, relevant = 0, recalled = 0;
    vector<A> dense_x;
    vector<B> dense_y;
    for (std::size_t r = 0; r < rows; ++r) {
      const auto a = std::span<const A>(x).subspan(r * stride, columns);
      const auto b = std::span<const B>(y).subspan(r * stride, columns);
      top += largest(a, 1) == largest(b, 1);
      const vector<std::size_t> of_a = largest(a, k), of_b = largest(b, k);
      vector<std::size_t> both;
      std::ranges::set_intersection(of_a, of_b, std::back_inserter(both));
      relevant += of_a.size(), recalled += both.size();
      dense_x.insert(dense_x.end(), a.begin(), a.end()), dense_y.insert(dense_y.end(), b.begin(), b.end());
    }
    const drift d = xact::compare(xact::rows(x, columns, stride), xact::rows(y, columns, stride), k, 5);
    CAPTURE(columns, k, special);
    CHECK(differences(d, truth_of(dense_x, dense_y, 5)) == "");
    CHECK(d.rows == rows);
    CHECK(d.top_1_agreements == top);
    CHECK(d.relevant == relevant);
    CHECK(d.recalled == recalled);
    CHECK(d.recall() == static_cast<double>(recalled) / static_cast<double>(relevant));
    CHECK(d.top_1_agreement() == static_cast<double>(top) / 30);
  }
}

} // namespace

TEST_CASE("rows: top 1, recall at k, ties by index, NaN without a rank") {
  for (const bool special : {false, true}) {
    for (const std::size_t columns : std::initializer_list<std::size_t>{1, 2, 10, 101}) {
      check_rows<float, bfloat16>(columns, special);
      check_rows<double, float>(columns, special);
    }
  }
  const vector<float> none(4, NAN), some = {1, 2, NAN, 0}, first = {5, 1, 1, 1};
  CHECK(xact::compare(xact::rows(none, 4), xact::rows(none, 4)).top_1_agreement() == 1);
  CHECK(xact::compare(xact::rows(first, 4), xact::rows(none, 4)).top_1_agreement() == 0);
  CHECK(xact::compare(xact::rows(some, 4), xact::rows(some, 4), 4).recall() == 1);
}

TEST_CASE("rows of probabilities: the divergence") {
  const vector<double> p = {0.5, 0.25, 0.25, 1, 0, 0, 0.2, 0.3, 0.5}, q = {0.25, 0.25, 0.5, 0.5, 0.5, 0, 0.2, 0.3, 0.5};
  const drift d = xact::compare(xact::rows(p, 3), xact::rows(q, 3));
  const double want = (0.25 * std::log(2.0) + std::log(2.0)) / 3; // a row each: log(2) / 4, log(2), 0
  CHECK(std::abs(d.kl_divergence() - want) < 1e-15);
  CHECK(d.divergent_rows == 3);
  CHECK(xact::compare(xact::rows(q, 3), xact::rows(p, 3)).kl_divergence() == HUGE_VAL);
  const double tiny = 0x1p-30; // p log(p / q) would lose all of it
  const vector<double> half = {0.5, 0.5}, off = {0.5 + tiny, 0.5 - tiny};
  const drift close = xact::compare(xact::rows(half, 2), xact::rows(off, 2));
  CHECK(std::abs(close.kl_divergence() - 2 * tiny * tiny) < 1e-7 * tiny * tiny + 1e-24);
  const vector<float> logits = {1, -2, 3, NAN, 0.5f, 0.5f};
  const drift no = xact::compare(xact::rows(logits, 3), xact::rows(logits, 3));
  CHECK(no.divergent_rows == 0);
  CHECK(std::isnan(no.kl_divergence()));
}

TEST_CASE("compare refuses other shapes and a k that no row has") {
  const vector<float> x(12), y(11);
  const auto refused = [](const auto &call, const char *a, const char *b) {
    const std::string message = message_of(call);
    CAPTURE(message);
    CHECK((says(message, "xact::compare") && says(message, a) && says(message, b)));
  };
  refused([&] { static_cast<void>(xact::compare(x, y)); }, "12", "11");
  refused([&] { static_cast<void>(xact::compare(xact::rows(x, 3), xact::rows(x, 4))); }, "3", "4");
  refused([&] { static_cast<void>(xact::compare(xact::rows(x, 3), xact::rows(x, 3), 0)); }, "0", "3");
  refused([&] { static_cast<void>(xact::compare(xact::rows(x, 3), xact::rows(x, 3), 4)); }, "4", "3");
  const drift nothing = xact::compare(vector<float>{}, vector<double>{});
  CHECK(nothing.count == 0);
  CHECK(std::isnan(nothing.mean_error()));
  const std::span<const float> no;
  CHECK(std::isnan(xact::compare(xact::rows(no, 3), xact::rows(no, 3)).top_1_agreement()));
}
