#pragma once
// The true activations that are polynomials or fractions, as functions.hpp has the others.

#include "functions.hpp"

#include <limits>

namespace reference {

/// A value beyond the largest double, of which no more is said here.
inline constexpr truth overflowed = {
    {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()},
    std::numeric_limits<double>::infinity()};

/// a / b. The error is 0 where the quotient is a double: it may be a tie.
[[gnu::always_inline]] inline truth divided(dd a, double b) {
  const double q = a.hi / b;
  const dd rest = a - exact_product(q, b);
  return {quick_sum(q, rest.hi / b), rest.hi == 0 ? 0 : std::abs(q) * 0x1p-98};
}

struct relu6 {
  [[gnu::always_inline]] truth operator()(double x) const { return {{x < 0 ? 0 : x < 6 ? x : 6}, 0}; }
};

struct relu_squared {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (x <= 0)
      return {{x < 0 ? 0 : x}, 0};
    if (x > 0x1p511)
      return overflowed;
    return {exact_product(x, x), x < 0x1p-480 ? 0x1p-1000 : 0};
  }
};

struct hard_tanh {
  double min_val = -1;
  double max_val = 1;
  [[gnu::always_inline]] truth operator()(double x) const {
    return {{x < min_val ? min_val : x < max_val ? x : max_val}, 0};
  }
};

/// min(max(alpha * x + beta, 0), 1), alpha = slope / divisor: a ratio, so that 1/6 is what it says. alpha > 0.
struct hard_sigmoid {
  double slope = 1;
  double divisor = 6;
  double beta = 0.5;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) > 0x1p40)
      return {{x > 0 ? 1. : 0.}, 0};
    const dd p = exact_product(x, slope);
    const dd y = p.lo == 0 ? exact_sum(p.hi, beta * divisor) : p + dd{beta * divisor};
    if (y.hi <= 0)
      return {{0}, 0};
    if (y.hi >= divisor)
      return {{1}, 0};
    return divisor == 1 ? truth{y, p.lo == 0 ? 0 : y.hi * 0x1p-98} : divided(y, divisor);
  }
};

struct hard_swish {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) < 0x1p-25)
      return nearly(x / 2, x * x / 6);
    if (std::abs(x) >= 3)
      return {{x > 0 ? x : -0.0}, 0};
    return divided(dd{x} * exact_sum(x, 3), 6);
  }
};

/// 0 with the sign of x.
[[gnu::always_inline]] inline truth zero_of_sign(double x) { return {{std::copysign(0, x)}, 0}; }
/// 0, but -0 for -0.
[[gnu::always_inline]] inline truth zero_like(double x) { return {{x == 0 ? x : 0}, 0}; }

struct linear {
  [[gnu::always_inline]] truth operator()(double x) const { return {{x}, 0}; }
};

struct threshold {
  double threshold = 0;
  double value = 0;
  [[gnu::always_inline]] truth operator()(double x) const {
    return x > threshold ? truth{{x}, 0} : value == 0 ? zero_like(x) : truth{{value}, 0};
  }
};

struct thresholded_relu {
  double alpha = 1;
  [[gnu::always_inline]] truth operator()(double x) const { return x > alpha ? truth{{x}, 0} : zero_like(x); }
};

struct shrink {
  double lambd = 0.5;
  double bias = 0;
  [[gnu::always_inline]] truth operator()(double x) const {
    const dd y = exact_sum(std::abs(x), -bias);
    return !(std::abs(x) > lambd) ? zero_of_sign(x) : truth{x < 0 ? -y : y, 0};
  }
};
struct soft_shrink : shrink {
  explicit soft_shrink(double lambda = 0.5) : shrink{lambda, lambda} {}
};
struct hard_shrink : shrink {
  explicit hard_shrink(double lambda = 0.5) : shrink{lambda, 0} {}
};

struct sparse_sigmoid {
  [[gnu::always_inline]] truth operator()(double x) const {
    return x <= -1 ? truth{{0}, 0} : x >= 1 ? truth{{1}, 0} : truth{scaled(exact_sum(1, x), 0.5), 0};
  }
};
struct sparse_plus {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (x <= -1 || x >= 1)
      return {{x < 0 ? 0 : x}, 0};
    const dd s = exact_sum(1, x);
    const dd y = scaled(s * s, 0.25);
    return {y, s.lo == 0 ? 0 : y.hi * 0x1p-100};
  }
};

struct star_relu {
  double scale = 0.8944;
  double bias = -0.4472;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (x > 0x1p500)
      return overflowed;
    if (x <= 0)
      return {{bias}, 0};
    const dd p = dd{scale} * exact_product(x, x);
    return {p + dd{bias}, (p.hi + std::abs(bias)) * 0x1p-99};
  }
};

struct softsign {
  [[gnu::always_inline]] truth operator()(double x) const {
    const double a = std::abs(x);
    if (a < 0x1p-40)
      return nearly(x, -x * a * (1 - a));
    return within(dd{x} / exact_sum(1, a), 0x1p-98);
  }
};

} // namespace reference
