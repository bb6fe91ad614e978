#pragma once
// The true derivatives: in double-double with an error bound, as functions.hpp has the activations, and by MPFR from
// their definitions.

#include "mpfr.hpp"

namespace reference {

/// A truth of known absolute error.
[[gnu::always_inline]] inline truth off_by_at_most(dd value, double error) { return {value, error}; }

/// 0 for x < 0, 1 for x > 0, else x: -0 and NaN stay.
struct relu_derivative {
  [[gnu::always_inline]] truth operator()(double x) const { return {{x > 0 ? 1 : x < 0 ? 0 : x}, 0}; }
};
struct relu6_derivative {
  [[gnu::always_inline]] truth operator()(double x) const { return {{x >= 6 ? 0 : relu_derivative()(x).value.hi}, 0}; }
};
struct relu_squared_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    return x > 0x1p1022 ? overflowed : truth{{x < 0 ? 0 : 2 * x}, 0};
  }
};
struct leaky_relu_derivative {
  double negative_slope = 0.01;
  [[gnu::always_inline]] truth operator()(double x) const { return {{x > 0 ? 1 : negative_slope}, 0}; }
};
struct hard_tanh_derivative {
  double min_val = -1;
  double max_val = 1;
  [[gnu::always_inline]] truth operator()(double x) const { return {{x > min_val && x < max_val ? 1. : 0.}, 0}; }
};
struct hard_sigmoid_derivative {
  double slope = 1;
  double divisor = 6;
  double beta = 0.5;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) > 0x1p40)
      return {{0}, 0};
    const dd y = exact_product(x, slope) + dd{beta * divisor};
    const bool inside = y.hi > 0 && (y.hi < divisor || (y.hi == divisor && y.lo < 0));
    return inside ? divided({slope}, divisor) : truth{{0}, 0};
  }
};
struct hard_swish_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) >= 3)
      return {{x > 0 ? 1. : 0.}, 0};
    return divided(exact_sum(3, 2 * x), 6);
  }
};
struct softsign_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    const double a = std::abs(x);
    if (a > 0x1p450)
      return just_beside(0, 1);
    const dd inverse = dd{1} / exact_sum(1, a);
    return within(inverse * inverse, 0x1p-97);
  }
};

struct linear_derivative {
  [[gnu::always_inline]] truth operator()(double) const { return {{1}, 0}; }
};
struct threshold_derivative {
  double threshold = 0;
  [[gnu::always_inline]] truth operator()(double x) const { return x > threshold ? truth{{1}, 0} : zero_like(x); }
};
struct thresholded_relu_derivative : threshold_derivative {
  explicit thresholded_relu_derivative(double alpha = 1) : threshold_derivative{alpha} {}
};
struct shrink_derivative {
  double lambda = 0.5;
  [[gnu::always_inline]] truth operator()(double x) const {
    return std::abs(x) > lambda ? truth{{1}, 0} : zero_like(x);
  }
};
struct sparse_sigmoid_derivative {
  [[gnu::always_inline]] truth operator()(double x) const { return {{std::abs(x) < 1 ? 0.5 : 0}, 0}; }
};
struct star_relu_derivative {
  double scale = 0.8944;
  [[gnu::always_inline]] truth operator()(double x) const {
    return x > 0x1p1020 ? overflowed : x <= 0 ? zero_like(x) : truth{exact_product(x, 2 * scale), 0x1p-1000};
  }
};

/// e / (1 + e)^2, e = e^-u, u >= 0.
[[gnu::always_inline]] inline truth logistic_derivative(dd u) {
  if (u.hi > 650)
    return just_beside(0, 1);
  if (u.hi < 0x1p-25) // which side of 1/4 decides the spacing
    return off_by_at_most({0.25, u.hi * u.hi * (-1. / 16)}, u.hi * u.hi * 0x1p-40 + 0x1p-1000);
  const dd e = exp(-u);
  const dd s = dd{1} + e;
  return within(e / (s * s), middle_error);
}
struct sigmoid_derivative {
  [[gnu::always_inline]] truth operator()(double x) const { return logistic_derivative({std::abs(x)}); }
};
struct tanh_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    const truth t = logistic_derivative({std::abs(x) > 400 ? 800 : 2 * std::abs(x)});
    return {scaled(t.value, 4), 4 * t.error};
  }
};
struct tanh_shrink_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) < 0x1p-450)
      return x == 0 ? truth{{x}, 0} : just_beside(0, 1);
    const dd t = tanh()(x).value;
    return within(t * t, 0x1p-72);
  }
};
struct softcap_derivative {
  double cap = 30;
  [[gnu::always_inline]] truth operator()(double x) const {
    const truth t = logistic_derivative(std::abs(x) > 400 * cap ? dd{800} : dd{2 * std::abs(x)} / dd{cap});
    return {scaled(t.value, 4), 4 * t.error};
  }
};
struct laplace_derivative {
  double mu = 0.707107;
  double sigma = 0.282095;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) > 100 * sigma + std::abs(mu))
      return just_beside(0, 1);
    const dd z = exact_sum(x, -mu) / dd{sigma};
    if (std::abs(z.hi) > 36)
      return just_beside(0, 1);
    return within(laplace::density(z) / dd{sigma}, middle_error);
  }
};
struct softplus_derivative {
  double beta = 1;
  [[gnu::always_inline]] truth operator()(double x) const {
    if (beta == 1)
      return sigmoid()(x);
    const dd u = exact_product(x, beta);
    if (std::abs(u.hi) > 650)
      return just_beside(x > 0, -x);
    return within(dd{1} / (dd{1} + exp(-u)), middle_error);
  }
};
struct log_sigmoid_derivative {
  [[gnu::always_inline]] truth operator()(double x) const { return sigmoid()(-x); }
};

/// The derivative of x / (1 + e^-u(x)) at a and -a, v = a * u'(a).
[[gnu::always_inline]] inline truth gated_derivative(dd u, dd v, bool negative) {
  const dd e = exp(-u);
  const dd s = dd{1} + e;
  const dd above = negative ? e * (s - v) : s + e * v;
  const double size = negative ? e.hi * (s.hi + v.hi) : above.hi;
  return off_by_at_most(above / (s * s), size * middle_error);
}
struct silu_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) < 0x1p-9) {
      // 1/2 + x/2 - x^3/12 + x^5/80 - 17x^7/10080
      const double t = x * x;
      const double cubic = x * t * (-1. / 12 + t * (1. / 80 - t * (17. / 10080)));
      const dd linear = exact_sum(0.5, x / 2);
      return {quick_sum(linear.hi, linear.lo + cubic),
              std::abs(cubic) * 0x1p-49 + std::abs(linear.lo) * 0x1p-52 + 0x1p-1000};
    }
    if (std::abs(x) > 650)
      return just_beside(x > 0, x);
    const dd a = {std::abs(x)};
    return gated_derivative(a, a, x < 0);
  }
};
struct gelu_quick_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    constexpr dd factor = {0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55};
    if (std::abs(x) > 380)
      return just_beside(x > 0, x);
    const dd u = factor * dd{std::abs(x)};
    return gated_derivative(u, u, x < 0);
  }
};
struct gelu_tanh_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    constexpr dd cubic = {0x1.6e4e26d4801f7p-5, 0x1.441355475a31ap-59}; // 0.044715
    if (std::abs(x) > 20.5)
      return just_beside(x > 0, x);
    const dd linear = scaled(inverse_root_2pi, 4) * dd{std::abs(x)};
    const dd square = cubic * exact_product(x, x);
    return gated_derivative(linear * (dd{1} + square), linear * (dd{1} + dd{3} * square), x < 0);
  }
};
struct gelu_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    const double a = std::abs(x);
    if (a < 0x1p-25) {
      const dd linear = scaled(inverse_root_2pi, 2) * dd{x};
      return off_by_at_most(dd{0.5} + (linear - dd{linear.hi * x * x / 3}),
                            std::min(std::abs(x) * 0x1p-50, 0x1p-103) + 0x1p-1000);
    }
    if (a > 36)
      return just_beside(x > 0, x);
    const dd tail = gelu()(-a).value / dd{-a}; // Phi(-a)
    const dd density = inverse_root_2pi * exp(scaled(exact_product(a, a), -0.5));
    const dd below = tail - dd{a} * density;
    return off_by_at_most(x > 0 ? dd{1} - below : below,
                          (tail.hi + a * density.hi) * middle_error + (x > 0) * 0x1p-100);
  }
};
struct mish_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) > 650)
      return just_beside(x > 0, x);
    const dd v = exp({-std::abs(x)});
    const dd four = {4 * x};
    if (x > 0) {
      const dd above = dd{1} + v * (dd{4} + v * ((dd{6} + four) + v * (dd{4} + four)));
      const dd below = dd{1} + v * (dd{2} + scaled(v, 2));
      return within(above / (below * below), middle_error);
    }
    const dd above = v * ((dd{4} + four) + v * ((dd{6} + four) + v * (dd{4} + v)));
    const dd below = dd{2} + v * (dd{2} + v);
    return off_by_at_most(above / (below * below), v.hi * (4 - x) * middle_error);
  }
};

/// factor * e^x for x <= 0.
[[gnu::always_inline]] inline truth scaled_exp(dd factor, dd x) {
  return x.hi < -650 ? just_beside(0, factor.hi) : within(factor * exp(x), middle_error);
}
struct elu_derivative {
  double alpha = 1;
  [[gnu::always_inline]] truth operator()(double x) const { return x > 0 ? truth{{1}, 0} : scaled_exp({alpha}, {x}); }
};
struct selu_derivative {
  [[gnu::always_inline]] truth operator()(double x) const {
    return x > 0 ? within(selu::lambda, 0x1p-104) : scaled_exp(selu::lambda_alpha, {x});
  }
};
struct celu_derivative {
  double alpha = 1;
  [[gnu::always_inline]] truth operator()(double x) const {
    return x > 0 ? truth{{1}, 0} : x < -650 * alpha ? just_beside(0, 1) : scaled_exp({1}, dd{x} / dd{alpha});
  }
};

inline big define(relu_derivative f, const big &x) { return f(static_cast<double>(x)).value.hi; }
inline big define(relu6_derivative f, const big &x) { return f(static_cast<double>(x)).value.hi; }
inline big define(relu_squared_derivative, const big &x) { return x < 0 ? 0 : 2 * x; }
inline big define(leaky_relu_derivative f, const big &x) { return 0 < x ? 1 : f.negative_slope; }
inline big define(hard_tanh_derivative f, const big &x) { return f.min_val < x && x < f.max_val ? 1 : 0; }
inline big define(hard_sigmoid_derivative f, const big &x) {
  const big y = f.slope * x + f.beta * f.divisor;
  return 0 < y && y < f.divisor ? big(f.slope) / f.divisor : 0;
}
inline big define(hard_swish_derivative, const big &x) { return x < 3 ? -3 < x ? (2 * x + 3) / 6 : 0 : 1; }
inline big define(softsign_derivative, const big &x) { return 1 / ((1 + abs(x)) * (1 + abs(x))); }
struct xielu_derivative : xielu {
  truth operator()(double x) const {
    if (x > 0x1p1000)
      return overflowed;
    return of_sum(x > 0 ? dd{2 * alpha_p} * dd{x} : dd{alpha_n} * expm1(x), dd{beta});
  }
};

inline big define(xielu_derivative f, const big &x) {
  return (0 < x ? 2 * f.alpha_p * x : f.alpha_n * expm1(x < f.eps ? x : f.eps)) + f.beta;
}
inline big define(linear_derivative, const big &) { return 1; }
inline big define(threshold_derivative f, const big &x) { return f(static_cast<double>(x)).value.hi; }
inline big define(shrink_derivative f, const big &x) { return f(static_cast<double>(x)).value.hi; }
inline big define(sparse_sigmoid_derivative f, const big &x) { return f(static_cast<double>(x)).value.hi; }
inline big define(star_relu_derivative f, const big &x) { return x < 0 ? 0 : x * f.scale * 2; }
inline big define(sigmoid_derivative, const big &x) { return 1 / ((1 + exp(-x)) * (1 + exp(x))); }
inline big define(tanh_derivative, const big &x) { return 4 / ((exp(x) + exp(-x)) * (exp(x) + exp(-x))); }
inline big define(tanh_shrink_derivative, const big &x) {
  return static_cast<double>(x) == 0 ? x : hyperbolic_tangent(x) * hyperbolic_tangent(x);
}
inline big define(softcap_derivative f, const big &x) { return define(tanh_derivative(), x / f.cap); }
inline big define(laplace_derivative f, const big &x) {
  const big z = (x - f.mu) / f.sigma;
  return exp(-z * z / 2) / sqrt(2 * big::pi()) / f.sigma;
}
inline big define(softplus_derivative f, const big &x) { return define(sigmoid(), f.beta * x); }
inline big define(log_sigmoid_derivative, const big &x) { return define(sigmoid(), -x); }
/// s * (1 + x * u'(x) * (1 - s)), s = 1 / (1 + e^-u(x)).
inline big gate_slope(const big &x, const big &u, const big &du) { return (1 + x * du / (1 + exp(u))) / (1 + exp(-u)); }
inline big define(silu_derivative, const big &x) { return gate_slope(x, x, 1); }
inline big define(gelu_quick_derivative, const big &x) {
  const big factor = big::decimal("1.702");
  return gate_slope(x, factor * x, factor);
}
inline big define(gelu_tanh_derivative, const big &x) {
  const big linear = sqrt(8 / big::pi());
  const big cubic = big::decimal("0.044715") * linear;
  return gate_slope(x, linear * x + cubic * x * x * x, linear + 3 * cubic * x * x);
}
inline big define(gelu_derivative, const big &x) {
  const big density = exp(-x * x / 2) / sqrt(2 * big::pi());
  return x < -1e6 ? x * density : erfc(-x / sqrt(big(2))) / 2 + x * density; // the sign of what is 0
}
inline big define(mish_derivative, const big &x) {
  if (x < -1e6)
    return x * exp(x); // the sign of what is 0
  const big t = hyperbolic_tangent(log1p(exp(x)));
  return t + x * (1 - t) * (1 + t) / (1 + exp(-x));
}
inline big define(elu_derivative f, const big &x) { return 0 < x ? 1 : f.alpha * exp(x); }
inline big define(selu_derivative, const big &x) {
  const big alpha = big::decimal("1.6732632423543772848170429916717");
  return big::decimal("1.0507009873554804934193349852946") * (0 < x ? 1 : alpha * exp(x));
}
inline big define(celu_derivative f, const big &x) { return 0 < x ? 1 : exp(x / f.alpha); }

} // namespace reference
