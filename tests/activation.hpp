#pragma once
// All checks of one activation, in every type and tier. tests/CMakeLists.txt makes a file around check_listed for each
// activation of the list; tests/NAME.cpp has what is true of one alone, other parameters mostly.

#include "checks/accuracy.hpp"
#include "checks/call_forms.hpp"
#include "checks/flushed.hpp"
#include "listed.hpp"
#include "narrow_float.hpp"
#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xact/derivative.hpp>

template <class T> void check_tier(const char *name, const subject<T> &f, const record &r, double limit) {
  DYNAMIC_SECTION(name) {
    CHECK(special_values<T>(f, r) == "");
    CHECK(within_limit(f, r, limit, edges<T>()) == "");
    CHECK(within_limit(f, r, limit, strided<T>()) == "");
    CHECK(within_limit(f, r, limit, spread<T>(r.domain.from, r.domain.to, 100'000)) == "");
    if constexpr (sizeof(T) == 8) {
      CHECK(within_limit_of_mpfr(f, r, limit, edges<T>()) == "");
      CHECK(within_limit_of_mpfr(f, r, limit, spread<T>(r.domain.from, r.domain.to, 300)) == "");
      CHECK(within_limit_of_mpfr(f, r, limit, spread<T>(r.domain.from, 0.93 * r.domain.from, 300)) == "");
    }
    CHECK(positions<T>(f) == "");
    CHECK(batches<T>(f) == "");
    CHECK(preconditions<T>(f) == "");
    if constexpr (flush_subnormals::possible) {
      CHECK(unharmed_by_flushing(f, strided<T>()) == "");
      CHECK(unharmed_by_flushing(f, spread<T>(r.domain.from, r.domain.to, 10'000)) == "");
    }
  }
}

/// The numbers of T around x: every neighbour at first, then ever farther.
template <class T> std::vector<T> around(double x) {
  std::vector<T> result;
  for (int k = 0; k < 400; ++k) {
    const auto step = static_cast<bits_of<T>>(k < 200 ? k : std::exp2((k - 200) * (sizeof(T) == 4 ? 0.1 : 0.23)));
    for (const bits_of<T> pattern : {bits(static_cast<T>(x)) - step, bits(static_cast<T>(x)) + step})
      result.push_back(std::bit_cast<T>(pattern));
  }
  return result;
}

/// A function by its call on ranges alone: a fourth of what a subject has to compile.
template <class T> class by_range {
public:
  template <class F>
  explicit by_range(const F &f) : run([f](std::span<const T> in, std::span<T> out) { f(in, out); }) {}

  void operator()(std::span<const T> in, std::span<T> out) const { run(in, out); }
  void operator()(std::span<T> x) const { run(x, x); }
  T operator()(T x) const noexcept {
    T y;
    run(std::span<const T>(&x, 1), std::span<T>(&y, 1));
    return y;
  }
  lanes<T> operator()(lanes<T> x) const noexcept
    requires(!std::same_as<lanes<T>, T>)
  {
    std::array<T, lanes<T>::size> all;
    x.store_unaligned(all.data());
    run(all, all);
    return lanes<T>::load_unaligned(all.data());
  }

private:
  std::function<void(std::span<const T>, std::span<T>)> run;
};

template <class F> void check_activation(const F &f, const record &r) {
  check_tier("float", subject<float>(f), r, r.ulp.standard);
  check_tier("double", subject<double>(f), r, r.ulp.wide);
  check_tier("accurate float", subject<float>(xact::accurate(f)), r, r.ulp.accurate);
  check_tier("accurate double", subject<double>(xact::accurate(f)), r, r.ulp.wide_accurate);
  const subject<float> rounded(xact::exact(f));
  check_tier("exact float", rounded, r, r.ulp.exact);
  SECTION("exact float, rounded") {
    CHECK(correctly_rounded(rounded, r, edges<float>()) == "");
    CHECK(correctly_rounded(rounded, r, strided<float>()) == "");
    CHECK(correctly_rounded(rounded, r, spread<float>(r.domain.from, r.domain.to, 100'000)) == "");
    if (r.has_hard_cases)
      CHECK(hard_cases_rounded(rounded, r) == "");
  }
}

/// The same of its derivative, by its calls on ranges, and closely around its roots and kinks.
template <class F> void check_derivative(const F &f, const record &r) {
  const auto f_prime = xact::derivative(f);
  const subject<float> standard{by_range<float>(f_prime)};
  const subject<float> accurate{by_range<float>(xact::accurate(f_prime))};
  const subject<float> exact{by_range<float>(xact::exact(f_prime))};
  const subject<double> wide{by_range<double>(f_prime)};
  const subject<double> wide_accurate{by_range<double>(xact::accurate(f_prime))};
  const record strict = records::strict(r);
  CAPTURE(r.name);
  SECTION("closely") {
    for (const double point : r.closely) {
      CAPTURE(point);
      CHECK(within_limit(standard, r, r.ulp.standard, around<float>(point)) == "");
      CHECK(within_limit(accurate, strict, r.ulp.accurate, around<float>(point)) == "");
      CHECK(within_limit(exact, strict, r.ulp.exact, around<float>(point)) == "");
      CHECK(within_limit_of_mpfr(wide, r, r.ulp.wide, around<double>(point)) == "");
      CHECK(within_limit_of_mpfr(wide_accurate, strict, r.ulp.wide_accurate, around<double>(point)) == "");
    }
  }
  check_tier("float", standard, r, r.ulp.standard);
  check_tier("accurate float", accurate, strict, r.ulp.accurate);
  check_tier("exact float", exact, strict, r.ulp.exact);
  check_tier("double", wide, r, r.ulp.wide);
  check_tier("accurate double", wide_accurate, strict, r.ulp.wide_accurate);
  SECTION("exact float, rounded") {
    if (r.ulp.exact == 0.5) {
      CHECK(correctly_rounded(exact, r, edges<float>()) == "");
      CHECK(correctly_rounded(exact, r, strided<float>()) == "");
      CHECK(correctly_rounded(exact, r, spread<float>(r.domain.from, r.domain.to, 100'000)) == "");
    }
  }
}

/// Every number of 16 and 8 bits, correctly rounded; and of float16 the derivative.
template <class F> void check_narrow(const F &f, const record &r, const record &r_of_derivative) {
  CHECK(every_code_rounded<xact::float16>(f, r) == "");
  CHECK(every_code_rounded<xact::bfloat16>(f, r) == "");
  CHECK(every_code_rounded<xact::float16>(xact::derivative(f), r_of_derivative) == "");
  // Those of 8 bits are among float16's, and what converts them hangs on no function: two seconds of compiling a
  // function are spent on one ISA. float8.cpp has a few functions on each.
  if constexpr (std::string_view(XACT_TEST_ISA) == "avx2") {
    CHECK(every_code_rounded<xact::float8_e4m3>(f, r) == "");
    CHECK(every_code_rounded<xact::float8_e5m2>(f, r) == "");
  }
}
