#pragma once
// All checks of one activation, in every type and tier: tests/NAME.cpp is a few lines around this.

#include "checks/accuracy.hpp"
#include "checks/call_forms.hpp"
#include "checks/flushed.hpp"
#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xact/exact.hpp>

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

template <class F> void check_activation(const F &f, const record &r) {
  check_tier("float", subject<float>(f), r, r.ulp.standard);
  check_tier("double", subject<double>(f), r, r.ulp.wide);
  check_tier("accurate float", subject<float>(xact::accurate(f)), r, r.ulp.accurate);
  check_tier("accurate double", subject<double>(xact::accurate(f)), r, r.ulp.wide);
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
