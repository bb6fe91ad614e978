#pragma once
// The bits of the library xact::dispatch beside those of the direct call, compiled for the same ISA.
// tests/CMakeLists.txt makes a file of this for each activation of the library that the tests build.

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xact/derivative.hpp>
#include <xact/dispatch.hpp>
#include <xact/float16.hpp>
#include <xact/float8.hpp>
#include <xact/quantize.hpp>

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

template <class T> bool same_bytes(const std::vector<T> &a, const std::vector<T> &b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class T, class F, class D> void check_table(const F &f, const D &d) {
  // 1/16 and 1/32: numbers whose results are middles between codes
  for (const float scale : {0.0625f, 0.05f}) {
    const xact::quantization in{.scale = scale}, out{.scale = scale / 2};
    const xact::table<T> want = xact::tabulate<T>(f, in, out);
    const xact::dispatch::table<T> is = xact::dispatch::tabulate<T>(d, in, out);
    CHECK(std::memcmp(want.entries, is.entries, sizeof want.entries) == 0);
    std::vector<T> a(300), b;
    for (std::size_t i = 0; i < a.size(); ++i)
      a[i] = std::bit_cast<T>(static_cast<std::uint8_t>(i));
    b = a;
    want(a);
    is(b);
    CHECK(same_bytes(a, b));
  }
}

template <class T, class F, class D> void check_requantize(const F &f, const D &d) {
  std::vector<std::int32_t> sums(3001);
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] = static_cast<std::int32_t>(i) - 1500;
  sums[7] = std::numeric_limits<std::int32_t>::min();
  for (const float scale : {0.0078125f, 0.0031f}) {
    std::vector<T> want(sums.size()), is(sums.size());
    xact::requantize(sums, scale, f, {.scale = 0.03125f, .zero_point = 3}, want);
    xact::dispatch::requantize(sums, scale, d, {.scale = 0.03125f, .zero_point = 3}, is);
    CHECK(same_bytes(want, is));
  }
}

template <class F, class D> void check(const F &f, const D &d) {
  REQUIRE(is_chosen);
  REQUIRE(xact::dispatch::isa() == XACT_TEST_ISA);
  tiers<float>(f, d);
  tiers<double>(f, d);
  tiers<xact::float16>(f, d);
  tiers<xact::bfloat16>(f, d);
  tiers<xact::float8_e4m3>(f, d);
  compare<xact::float8_e5m2, xact::float8_e5m2>(f, d);
  compare<float, xact::float16>(f, d);
  compare<float, xact::bfloat16>(f, d);
  tiers<float>(xact::derivative(f), xact::dispatch::derivative(d));
  tiers<double>(xact::derivative(f), xact::dispatch::derivative(d));
  tiers<xact::float16>(xact::derivative(f), xact::dispatch::derivative(d));
  tiers<xact::bfloat16>(xact::derivative(f), xact::dispatch::derivative(d));
  compare<xact::float8_e4m3, xact::float8_e4m3>(xact::derivative(f), xact::dispatch::derivative(d));
  compare<xact::float8_e5m2, xact::float8_e5m2>(xact::derivative(f), xact::dispatch::derivative(d));
  check_table<std::int8_t>(f, d);
  check_table<xact::float8_e4m3>(f, d);
  check_requantize<std::int8_t>(f, d);
}

} // namespace dispatched
