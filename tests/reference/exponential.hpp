#pragma once
// The true activations around e^x and log(1 + e^x), as functions.hpp has the others.

#include "piecewise.hpp"

namespace reference {

struct exponential {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) < 0x1p-53)
      return {{1, x}, x * x};
    if (x < -650)
      return just_beside(0, 1);
    if (x > 0x1.62e42fefa39efp9) // where the square overflows too
      return {{std::numeric_limits<double>::infinity()}, 0};
    const dd root = exp({x / 2});
    return within(root * root, middle_error);
  }
};

/// log(1 + e^(beta x)) / beta.
struct softplus {
  double beta = 1;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) > 650 / beta)
      return just_beside(x > 0 ? x : 0, 1);
    const dd u = exact_product(x, beta);
    const double t = u.hi * u.hi;
    if (t < 0x1p-18) {
      const double correction = t * (1. / 8 - t * (1. / 192 - t * (1. / 2880 - t * (17. / 645120))));
      const dd y = leading_sum(ln2, leading_sum(scaled(u, 0.5), {correction}));
      return within(y / dd{beta}, correction * 0x1p-48 + std::abs(u.lo) * 0x1p-8 + 0x1p-98);
    }
    const dd log = log1p(exp(u.hi < 0 ? u : -u));
    return within((u.hi < 0 ? log : u + log) / dd{beta}, middle_error);
  }
};

struct log_sigmoid {
  [[gnu::always_inline]] truth operator()(double x) const {
    const truth y = softplus()(-x);
    return {-y.value, y.error};
  }
};

/// x * tanh(log(1 + e^x)); with e = e^-abs(x) it is x * (1 + 2e) / (1 + 2e + 2e^2) or x * (2e + e^2) / (2 + 2e + e^2).
struct mish {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) < 0x1p-40) {
      constexpr dd three_fifths = {0x1.3333333333333p-1, 0x1.999999999999ap-56};
      const dd linear = dd{x} * three_fifths;
      const double correction = x * x * (0.32 - x * 0.016);
      return {{std::copysign(linear.hi, x), linear.lo + correction},
              correction * 0x1p-49 + std::abs(linear.hi) * 0x1p-98 + 0x1p-1000};
    }
    if (std::abs(x) > 650)
      return just_beside(x > 0 ? x : 0, -1);
    const dd e = exp({-std::abs(x)});
    const dd n = scaled(e, 2) + (x > 0 ? dd{1} : e * e);
    return within(dd{x} * n / (n + (x > 0 ? scaled(e * e, 2) : dd{2})), middle_error);
  }
};

/// factor * (e^u - 1) for u < 0, u = x / alpha.
[[gnu::always_inline]] inline truth scaled_expm1(dd factor, dd u) {
  if (u.hi < -650)
    return {{-factor.hi, -factor.lo + 0x1p-900}, std::abs(factor.lo) * 0x1p-50 + 0x1p-899};
  if (u.hi > -0x1p-25) {
    const dd linear = factor * u;
    const double correction = factor.hi * u.hi * u.hi * (1. / 2 + u.hi * (1. / 6 + u.hi * (1. / 24)));
    return {quick_sum(linear.hi, linear.lo + correction),
            std::abs(correction) * 0x1p-49 + std::abs(linear.lo) * 0x1p-47 + 0x1p-1000};
  }
  return {factor * (exp(u) - dd{1}), std::abs(factor.hi) * 0x1p-90};
}

struct elu {
  double alpha = 1;
  [[gnu::always_inline]] truth operator()(double x) const { return x < 0 ? scaled_expm1({alpha}, {x}) : truth{{x}, 0}; }
};

struct selu {
  // lambda = 1.0507009873554804934193349852946 and lambda * alpha, alpha = 1.6732632423543772848170429916717
  static constexpr dd lambda = {0x1.0cfabd6a91132p+0, 0x1.6fc7d272f2695p-55};
  static constexpr dd lambda_alpha = {0x1.c212cc640f031p+0, 0x1.05161b045a1fep-56};
  [[gnu::always_inline]] truth operator()(double x) const {
    if (x < 0)
      return scaled_expm1(lambda_alpha, {x});
    if (x > 0x1p1023)
      return overflowed;
    const dd y = lambda * dd{x};
    return {{std::copysign(y.hi, x), y.lo}, y.hi * 0x1p-98 + 0x1p-1000};
  }
};

struct celu {
  double alpha = 1;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (x >= 0)
      return {{x}, 0};
    if (x < -700 * alpha)
      return scaled_expm1({alpha}, {-700});
    const dd u = dd{x} / dd{alpha};
    if (u.hi > -0x1p-25) // x itself leads
      return nearly(x, x * u.hi * (1. / 2 + u.hi * (1. / 6 + u.hi * (1. / 24))));
    return scaled_expm1({alpha}, u);
  }
};

/// alpha_p x^2 + beta x for x > 0, alpha_n (e^min(x, eps) - 1 - x) + beta x else. Near the root doubles are not judged.
struct xielu {
  double alpha_p = 0.8;
  double alpha_n = 0.8;
  double beta = 0.5;
  double eps = -1e-6;
  static truth of_sum(dd a, dd b) {
    if (std::abs(a.hi) < std::abs(b.hi) * 0x1p-60) // beside b, which may be a tie
      return {{b.hi, b.lo + a.hi}, std::abs(a.hi) * 0x1p-49 + std::abs(b.lo) * 0x1p-50};
    const dd y = a + b;
    const double size = std::abs(a.hi) + std::abs(b.hi);
    return {y, size * (std::abs(y.hi) < size * 0x1p-9 ? 0x1p-60 : 0x1p-92) + 0x1p-1000};
  }
  dd expm1(double x) const {
    const dd u = {std::min(x, eps)};
    if (u.hi < -300)
      return {-1, 0x1p-400};
    if (u.hi < -0x1p-4)
      return exp(u) - dd{1};
    dd sum = {0};
    for (int k = 20; k > 0; --k)
      sum = u / dd{static_cast<double>(k)} * (dd{1} + sum);
    return sum;
  }
  truth operator()(double x) const {
    if (x > 0x1p500 || x < -0x1p1000)
      return overflowed;
    return of_sum(x > 0 ? dd{alpha_p} * exact_product(x, x) : dd{alpha_n} * (expm1(x) - dd{x}), exact_product(beta, x));
  }
};

/// x / (1 + e^(-1.702 x)), 1.702 being the real number.
struct gelu_quick {
  [[gnu::always_inline]] truth operator()(double x) const {
    constexpr dd factor = {0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55};
    if (std::abs(x) < 0x1p-25)
      return nearly(x / 2, x * x * 0.4255);
    if (std::abs(x) > 380)
      return just_beside(x > 0 ? x : 0, -1);
    return within(dd{x} / (dd{1} + exp(-(factor * dd{x}))), middle_error);
  }
};

} // namespace reference
