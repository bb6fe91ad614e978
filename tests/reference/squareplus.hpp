#pragma once
// squareplus and its derivative: truth and definition.

#include "mpfr.hpp"

namespace reference {

/// sqrt(x^2 + b), to 2^-100.
inline dd root_of_square(double x, double b) {
  const dd square = exact_product(x, x) + dd{b};
  const double r = std::sqrt(square.hi);
  return quick_sum(r, (square - exact_product(r, r)).hi / (2 * r));
}

/// (x + sqrt(x^2 + b)) / 2; below 0 as b / (2 (sqrt(x^2 + b) - x)).
struct squareplus {
  double b = 4;
  truth operator()(double x) const {
    const double a = std::abs(x);
    if (a > 0x1p200)
      return x > 0 ? nearly(x, b / 4 / x) : within(dd{b / 4} / dd{a}, 0x1p-100);
    const dd sum = root_of_square(a, b) + dd{a};
    return within(x < 0 ? dd{b / 2} / sum : scaled(sum, 0.5), 0x1p-95);
  }
};
inline big define(squareplus f, const big &x) {
  const big sum = sqrt(x * x + f.b) + abs(x);
  return x < big(0) ? f.b / 2 / sum : sum / 2;
}

/// (1 + x / sqrt(x^2 + b)) / 2.
struct squareplus_derivative {
  double b = 4;
  truth operator()(double x) const {
    const double a = std::abs(x);
    if (a > 0x1p200)
      return x > 0 ? just_beside(1, -1) : within(dd{b / 4 / a} / dd{a}, 0x1p-50);
    const dd root = root_of_square(a, b), sum = root + dd{a};
    return within(x < 0 ? dd{b / 2} / root / sum : scaled(sum / root, 0.5), 0x1p-95);
  }
};
inline big define(squareplus_derivative f, const big &x) {
  const big root = sqrt(x * x + f.b), sum = root + abs(x);
  return x < big(0) ? f.b / 2 / root / sum : sum / root / 2;
}

} // namespace reference
