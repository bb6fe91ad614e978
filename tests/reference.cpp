// The double-double references, held against MPFR and against the hard cases.

#include "records.hpp"
#include "values.hpp"

#include <catch2/catch_test_macros.hpp>

using reference::big;

/// Whether it is a number of double's, and MPFR's 400 bits resolve what the reference adds to its leading double.
static bool comparable(const reference::truth &t) {
  return std::isfinite(t.value.hi) && (t.value.lo == 0 || std::abs(t.value.lo) > std::abs(t.value.hi) * 0x1p-340);
}

/// Where the true value lies outside the reference's own error bound.
static std::string outside_bound(const record &r, const std::vector<double> &xs) {
  findings found;
  for (const double x : xs) {
    if (!std::isfinite(x))
      continue;
    const reference::truth t = r.truth(x);
    if (!comparable(t))
      continue;
    const big off = abs(r.definition(x) - t.value.hi - t.value.lo);
    const double of_mpfr = std::abs(t.value.hi) * 0x1p-390; // its own rounding, of 400 bits
    if (!(off < t.error + of_mpfr || static_cast<double>(off) == 0))
      found.add(show(x), static_cast<double>(off / t.error));
  }
  return found.report();
}

/// Where rounding to float, or the error of a float nearby, differs from MPFR's.
static std::string misjudged(const record &r, const std::vector<float> &xs) {
  findings found;
  for (const float x : xs) {
    if (!std::isfinite(x))
      continue;
    const reference::truth t = r.truth(static_cast<double>(x));
    if (!comparable(t))
      continue;
    const big truth = r.definition(static_cast<double>(x));
    const auto [nearest, decided] = reference::nearest<float>(t);
    if (!decided || nearest != static_cast<float>(truth))
      found.add("nearest to f(" + show(x) + ")");
    if (!std::isfinite(nearest))
      continue;
    for (const float y : {nearest, std::nextafter(nearest, -9.f), std::nextafter(nearest, 9.f), 0.75f * nearest}) {
      const double error = reference::ulps(y, truth);
      if (!(std::abs(reference::ulps(y, t) - error) <= 1e-4 * std::max(1.0, std::abs(error)))) {
        found.add("error of " + show(y) + " as f(" + show(x) + ")");
      }
    }
  }
  return found.report();
}

template <class T> static std::vector<T> every(std::size_t step, const std::vector<T> &xs) {
  std::vector<T> result;
  for (std::size_t i = 0; i < xs.size(); i += step)
    result.push_back(xs[i]);
  return result;
}

static void check_agreement(const record &r) {
  CAPTURE(r.name);
  CHECK(outside_bound(r, edges<double>()) == "");
  CHECK(outside_bound(r, every(200, strided<double>())) == "");
  CHECK(outside_bound(r, spread<double>(r.domain.from, r.domain.to, 1000)) == "");
  CHECK(misjudged(r, edges<float>()) == "");
  CHECK(misjudged(r, every(200, strided<float>())) == "");
  CHECK(misjudged(r, spread<float>(r.domain.from, r.domain.to, 1000)) == "");
}

TEST_CASE("double-double functions agree with MPFR") {
  for (const record &r : records::all())
    check_agreement(r);
}

TEST_CASE("double-double derivatives agree with MPFR") {
  for (const record &r : records::derivatives())
    check_agreement(r);
}

TEST_CASE("double-double functions round the hard cases") {
  for (const record &r : records::all()) {
    if (!r.has_hard_cases)
      continue;
    CAPTURE(r.name);
    findings found;
    for (const auto &[x, y] : hard_cases(r.name)) {
      const auto [nearest, decided] = reference::nearest<float>(r.truth(static_cast<double>(x)));
      if (!decided || nearest != y)
        found.add(show(x));
    }
    CHECK(found.report() == "");
  }
}

TEST_CASE("rounding and spacing at the joints of binades") {
  using reference::nearest, reference::truth, reference::ulps;
  const auto just = [](double hi, double lo) { return truth{{hi, lo}, 0x1p-300}; };
  constexpr float tiny = std::numeric_limits<float>::denorm_min();
  CHECK(ulps(1.0f, just(1, -0x1p-80)) > 0);
  CHECK(ulps(1 + 0x1p-23f, just(1, 0x1p-80)) == 1);
  CHECK(ulps(1 + 0x1p-23f, just(1, -0x1p-80)) == 2); // the spacing below 1 is half that above
  CHECK(ulps(tiny, just(0x1p-200, 0)) == 1 - 0x1p-51);
  CHECK(nearest<float>(just(1 + 0x1p-24, 0x1p-90)).value == 1 + 0x1p-23f);
  CHECK(nearest<float>(just(1 + 0x1p-24, -0x1p-90)).value == 1);
  CHECK(nearest<float>(just(-1 - 0x1p-24, -0x1p-90)).value == -1 - 0x1p-23f);
  CHECK(nearest<float>(just(1 - 0x1p-25, 0x1p-90)).value == 1);
  CHECK(nearest<float>(just(1 - 0x1p-25, -0x1p-90)).value == 1 - 0x1p-24f);
  CHECK(nearest<float>(just(0x1p-150, 0x1p-220)).value == tiny);
  CHECK(nearest<float>(just(0x1p-150, -0x1p-220)).value == 0);
  CHECK(std::signbit(nearest<float>(just(-0x1p-150, 0x1p-220)).value));
  CHECK(nearest<float>({{1 + 0x1p-24, 0}, 0}).value == 1); // a true tie goes to even
  CHECK_FALSE(nearest<float>({{1 + 0x1p-24, 0x1p-90}, 0x1p-89}).decided);
  CHECK(nearest<float>({{1 + 0x1p-24, 0x1p-90}, 0x1p-91}).decided);
}
