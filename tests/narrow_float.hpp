#pragma once
// float16, bfloat16 and the 8-bit formats: every code there is, against the format's definition.

#include "records.hpp"
#include "values.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <span>
#include <xact/float16.hpp>
#include <xact/float8.hpp>

template <class Small>
constexpr reference::binary_format format_of = {Small::format::mantissa_bits + 1, 2 - Small::format::bias};

template <class Small> typename Small::storage code(Small x) { return std::bit_cast<typename Small::storage>(x); }

/// Equal to the bit, or both NaN.
template <class Small> bool same_code(Small a, Small b) {
  return code(a) == code(b) || (std::isnan(static_cast<float>(a)) && std::isnan(static_cast<float>(b)));
}

/// Every code, in order.
template <class Small> std::vector<Small> all_codes() {
  using storage = typename Small::storage;
  std::vector<Small> result(std::size_t{1} << (8 * sizeof(storage)));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = std::bit_cast<Small>(static_cast<storage>(i));
  return result;
}

/// What f(x) is in the format: the true value, rounded once.
template <class Small> Small rounded_result(const record &r, double x) {
  if (std::isnan(x))
    return Small(x);
  if (std::isinf(x))
    return Small(x > 0 ? r.at_infinity : r.at_minus_infinity);
  return Small(reference::nearest(r.truth(x), format_of<Small>).value);
}

/// f of every code, correctly rounded; in place too.
template <class Small>
std::string every_code_rounded(const std::function<void(std::span<const Small>, std::span<Small>)> &f,
                               const record &r) {
  const std::vector<Small> xs = all_codes<Small>();
  std::vector<Small> ys(xs.size());
  f(xs, ys);
  std::vector<Small> in_place = xs;
  f(in_place, in_place);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const auto x = static_cast<double>(static_cast<float>(xs[i]));
    const Small want = rounded_result<Small>(r, x);
    if (!same_code(ys[i], want) || !same_code(in_place[i], want)) {
      found.add("f(" + show(x) + ") = " + show(static_cast<double>(static_cast<float>(ys[i]))) + ", not " +
                show(static_cast<double>(static_cast<float>(want))));
    }
  }
  return found.report();
}

/// Conversions from double round once to the nearest; to float they are exact.
template <class Small> void check_conversions() {
  findings found;
  const auto check = [&](double x) {
    const Small want = std::isfinite(x) ? Small(reference::nearest({{x, 0}, 0}, format_of<Small>).value) : Small(x);
    if (!same_code(Small(x), want))
      found.add(show(x));
    const auto narrow = static_cast<float>(x);
    if (static_cast<double>(narrow) == x && !same_code(Small(narrow), want))
      found.add("float " + show(x));
  };
  for (const double x : strided<double>())
    check(x);
  for (const float x : strided<float>())
    check(static_cast<double>(x));
  for (const Small small : all_codes<Small>()) {
    using format = typename Small::format;
    const unsigned magnitude = code(small) & (format::sign - 1);
    const auto x = static_cast<double>(static_cast<float>(small));
    if (magnitude < format::overflow) {
      // (1.mantissa) * 2^(exponent - bias), or 0.mantissa in the lowest binade
      const unsigned exponent = magnitude >> format::mantissa_bits;
      const unsigned mantissa = magnitude & ((1u << format::mantissa_bits) - 1);
      const double value = std::ldexp(exponent > 0 ? mantissa + (1u << format::mantissa_bits) : mantissa,
                                      static_cast<int>(std::max(exponent, 1u)) - format::bias - format::mantissa_bits);
      if (std::abs(x) != value || std::signbit(x) != (code(small) >= format::sign))
        found.add("decoding " + show(x));
      for (const double y : {x, std::nextafter(x, 9e9), std::nextafter(x, -9e9)})
        check(y);
      const double middle = x * (1 + std::ldexp(0.5, -format::mantissa_bits));
      for (const double y : {middle, std::nextafter(middle, 9e9), std::nextafter(middle, -9e9)})
        check(y);
    } else {
      const bool infinite = format::infinity && magnitude == format::overflow;
      if (infinite ? !std::isinf(x) : !std::isnan(x))
        found.add("decoding " + show(x));
    }
  }
  CHECK(found.report() == "");
}
