#pragma once
// The bits of the library xact::dispatch beside those of the direct call, compiled for the same ISA.
// tests/CMakeLists.txt makes a file of this for each activation of the library that the tests build.

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xact/derivative.hpp>
#include <xact/dispatch.hpp>
#include <xact/float16.hpp>
#include <xact/float8.hpp>

#include <cstdlib>
#include <cstring>

namespace dispatched {

/// The library's calls use the tests' ISA: set before the first of them.
inline const bool is_chosen = setenv("XACT_ISA", XACT_TEST_ISA, 1) == 0;

template <class T> std::vector<T> inputs() {
  std::vector<T> x;
  if constexpr (sizeof(T) >= 4) {
    x = edges<T>();
    for (const T v : spread<T>(-120, 100, 20'000))
      x.push_back(v);
    for (std::size_t i = 0; i < 40'000; ++i)
      x.push_back(std::bit_cast<T>(static_cast<bits_of<T>>(i * (sizeof(T) == 4 ? 107'377 : 461'168'601'842'738))));
  } else {
    for (unsigned code = 0; code < 1u << (8 * sizeof(T)); ++code)
      x.push_back(T::from_bits(static_cast<typename T::storage>(code)));
  }
  return x;
}

template <class T> std::string first_difference(const std::vector<T> &want, const std::vector<T> &is) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto a = static_cast<double>(want[i]), b = static_cast<double>(is[i]);
    if (std::memcmp(&want[i], &is[i], sizeof(T)) != 0 && !(std::isnan(a) && std::isnan(b)))
      return std::to_string(i) + ": " + show(b) + " instead of " + show(a);
  }
  return "";
}

/// f and its dispatched form d, from In to Out: one range, values, rows with gaps, and in place.
template <class In, class Out, class F, class D> void compare(const F &f, const D &d) {
  const std::vector<In> x = inputs<In>();
  std::vector<Out> want(x.size()), is(x.size());
  f(x, want);
  d(x, is);
  CHECK(first_difference(want, is) == "");
  constexpr std::size_t columns = 7, stride = 9;
  const std::size_t whole = x.size() / stride * stride;
  std::vector<Out> gaps(whole, Out(0.0f));
  d(xact::rows(std::span(x).first(whole), columns, stride), xact::rows(gaps, columns, stride));
  for (std::size_t i = 0; i < whole; ++i)
    want[i] = i % stride < columns ? want[i] : Out(0.0f);
  want.resize(whole);
  CHECK(first_difference(want, gaps) == "");
  if constexpr (std::is_same_v<In, Out>) {
    std::vector<In> y = x, values(x.size());
    d(y);
    CHECK(first_difference(is, y) == "");
    for (std::size_t i = 0; i < x.size(); i += 1 + i % 97)
      values[i] = d(x[i]);
    for (std::size_t i = 0; i < x.size(); i += 1 + i % 97)
      y[i] = values[i];
    CHECK(first_difference(is, y) == "");
  }
}

/// All tiers, of types that have them.
template <class T, class F, class D> void tiers(const F &f, const D &d) {
  compare<T, T>(f, d);
  if constexpr (sizeof(T) >= 4)
    compare<T, T>(xact::accurate(f), xact::dispatch::accurate(d));
  else
    compare<T, T>(f, xact::dispatch::accurate(xact::dispatch::exact(d)));
  if constexpr (sizeof(T) == 4)
    compare<T, T>(xact::exact(f), xact::dispatch::exact(d));
}

template <class F, class D> void check(const F &f, const D &d) {
  REQUIRE(is_chosen);
  REQUIRE(xact::dispatch::isa() == XACT_TEST_ISA);
  tiers<float>(f, d);
  tiers<double>(f, d);
  tiers<xact::float16>(f, d);
  tiers<xact::bfloat16>(f, d);
  tiers<xact::float8_e4m3>(f, d);
  compare<float, xact::float16>(f, d);
  compare<float, xact::bfloat16>(f, d);
  tiers<float>(xact::derivative(f), xact::dispatch::derivative(d));
  tiers<double>(xact::derivative(f), xact::dispatch::derivative(d));
  tiers<xact::bfloat16>(xact::derivative(f), xact::dispatch::derivative(d));
}

} // namespace dispatched
