#pragma once
// exp and log in double-double, to 2^-95 relative.

#include "double_double.hpp"

#include <array>
#include <cstddef>

namespace reference {

// Constants: the doubles nearest to the number and to what is then left (Python, mpmath at 400 bits).
inline constexpr dd ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
inline constexpr dd inverse_root_2pi = {0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56};

/// 2^(j/64), from the Taylor series: at abs(x) < 0.7 thirty terms leave 2^-120.
inline const std::array<dd, 64> roots_of_two = [] {
  std::array<dd, 64> table{};
  for (std::size_t j = 0; j < table.size(); ++j) {
    const dd x = ln2 * dd{static_cast<double>(j) / 64};
    dd sum = {1};
    for (int k = 30; k > 0; --k)
      sum = dd{1} + sum * x / dd{static_cast<double>(k)};
    table[j] = sum;
  }
  return table;
}();

/// exp(x) for abs(x) < 700. x = n * ln2/64 + r, then the Taylor series of exp(r), abs(r) < 2^-7.5: terms 5 to 11 in
/// double (the rounding of term 5 is 2^-97 of the result), the rest in double-double.
[[gnu::always_inline]] inline dd exp(dd x) {
  // ln2/64 in three parts; n times the first is exact.
  constexpr double ln2_64[] = {0x1.62e42fefp-7, 0x1.473de6af278edp-40, -0x1.9ff0342542fc3p-96};
  constexpr double to_integer = 0x1.8p52;
  const double n = (x.hi * (64 / ln2.hi) + to_integer) - to_integer;
  const dd r = (exact_sum(x.hi - n * ln2_64[0], x.lo) - exact_product(n, ln2_64[1])) - dd{n * ln2_64[2]};
  const double t = r.hi;
  const double terms =
      1. / 120 + t * (1. / 720 + t * (1. / 5040 +
                                      t * (1. / 40320 + t * (1. / 362880 + t * (1. / 3628800 + t * (1. / 39916800))))));
  constexpr dd sixth = {1. / 6, 0x1.5555555555555p-57};
  constexpr dd twenty_fourth = {1. / 24, 0x1.5555555555555p-59};
  dd sum = leading_sum(twenty_fourth, r * dd{terms});
  for (const dd coefficient : {sixth, dd{0.5}, dd{1}})
    sum = leading_sum(coefficient, r * sum);
  const int integer = static_cast<int>(n);
  const dd root = roots_of_two[static_cast<std::size_t>(integer & 63)];
  return scaled(leading_sum(root, root * (r * sum)), power_of_two(integer >> 6));
}

/// log(1 + x) for x >= 0: the series where 1 + x would lose x, else one Newton step from the double result.
inline dd log1p(dd x) {
  if (x.hi < 0x1p-20) {
    dd sum = {0};
    for (int k = 7; k > 0; --k)
      sum = dd{1} / dd{static_cast<double>(k)} - x * sum;
    return x * sum;
  }
  const dd s = dd{1} + x;
  const double y = std::log(s.hi);
  const dd rest = s * exp({-y}) - dd{1}; // abs(rest) < 2^-48
  return dd{y} + (rest - rest * rest * dd{0.5});
}

} // namespace reference
