#pragma once
// Double-double arithmetic: an unevaluated sum hi + lo with abs(lo) <= half an ulp of hi, about 104 bits.
// T. J. Dekker, A floating-point technique for extending the available precision, 1971; the error bounds are those of
// M. Joldes, J.-M. Muller, V. Popescu, Tight and rigorous error bounds for basic building blocks of double-word
// arithmetic, 2017: 2^-104 for a sum of terms of one sign, 2^-103 for a product or quotient, all generously.
//
// Everything is inlined by force, so that a caller compiled for FMA gets the instruction instead of a call.

#include <bit>
#include <cmath>
#include <cstdint>

namespace reference {

struct dd {
  double hi;
  double lo = 0;
};

/// a + b without error, for abs(a) >= abs(b) or a = 0.
[[gnu::always_inline]] inline dd quick_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

/// a + b without error.
[[gnu::always_inline]] inline dd exact_sum(double a, double b) {
  const double sum = a + b;
  const double part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

/// a * b without error. The product is an fma too: a plain one could be contracted into a later sum.
[[gnu::always_inline]] inline dd exact_product(double a, double b) {
  const double product = std::fma(a, b, 0.0);
  return {product, std::fma(a, b, -product)};
}

[[gnu::always_inline]] inline dd operator-(dd a) { return {-a.hi, -a.lo}; }

[[gnu::always_inline]] inline dd operator+(dd a, dd b) {
  const dd high = exact_sum(a.hi, b.hi);
  const dd low = exact_sum(a.lo, b.lo);
  const dd sum = quick_sum(high.hi, high.lo + low.hi);
  return quick_sum(sum.hi, sum.lo + low.lo);
}

/// a + b for abs(a) > 2*abs(b) or so, at less than half the price.
[[gnu::always_inline]] inline dd leading_sum(dd a, dd b) {
  const dd high = quick_sum(a.hi, b.hi);
  return quick_sum(high.hi, high.lo + (a.lo + b.lo));
}

[[gnu::always_inline]] inline dd operator-(dd a, dd b) { return a + -b; }

[[gnu::always_inline]] inline dd operator*(dd a, dd b) {
  const dd product = exact_product(a.hi, b.hi);
  return quick_sum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

[[gnu::always_inline]] inline dd operator/(dd a, dd b) {
  const double quotient = a.hi / b.hi;
  const dd rest = a - b * dd{quotient};
  return quick_sum(quotient, rest.hi / b.hi);
}

/// 2^n for a normal result.
[[gnu::always_inline]] inline double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

/// a * 2^k for a power of two, which changes no bit of the significand.
[[gnu::always_inline]] inline dd scaled(dd a, double power) { return {a.hi * power, a.lo * power}; }

} // namespace reference
