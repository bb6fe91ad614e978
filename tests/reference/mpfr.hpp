#pragma once
// The true activations by MPFR at 400 bits, straight from their definitions. The judge of everything else.

#include "big.hpp"
#include "exponential.hpp"

namespace reference {

/// The definitions, chosen by the double-double function of the same name.
inline big define(relu, const big &x) { return x < 0 ? 0 : x; }
inline big define(leaky_relu f, const big &x) { return x < 0 ? x * f.negative_slope : x; }
inline big define(sigmoid, const big &x) { return 1 / (1 + exp(-x)); }
inline big define(tanh, const big &x) { return hyperbolic_tangent(x); }
inline big define(tanh_shrink, const big &x) {
  return abs(x) < 0x1p-60 ? x * x * x / 3 * (1 - x * x * 2 / 5) : x - hyperbolic_tangent(x);
}
inline big define(softcap f, const big &x) { return f.cap * hyperbolic_tangent(x / f.cap); }
inline big define(laplace f, const big &x) { return erfc((f.mu - x) / (f.sigma * sqrt(big(2)))) / 2; }
inline big define(silu, const big &x) { return x / (1 + exp(-x)); }
inline big define(gelu, const big &x) { return x * erfc(-x / sqrt(big(2))) / 2; }
inline big define(gelu_tanh, const big &x) {
  const big u = sqrt(2 / big::pi()) * (x + big::decimal("0.044715") * x * x * x);
  return x / (1 + exp(-2 * u));
}
inline big define(relu6, const big &x) { return x < 0 ? 0 : x < 6 ? x : 6; }
inline big define(relu_squared, const big &x) { return x < 0 ? 0 : x * abs(x); }
inline big define(hard_tanh f, const big &x) { return x < f.min_val ? f.min_val : x < f.max_val ? x : f.max_val; }
inline big define(hard_sigmoid f, const big &x) {
  const big y = f.slope * x / f.divisor + f.beta;
  return y < 0 ? 0 : y < 1 ? y : 1;
}
inline big define(hard_swish, const big &x) {
  const big y = x + 3;
  return x * (y < 0 ? 0 : y < 6 ? y : 6) / 6;
}
inline big define(linear, const big &x) { return x; }
inline big define(threshold f, const big &x) { return f.threshold < x ? x : f(static_cast<double>(x)).value.hi; }
inline big define(thresholded_relu f, const big &x) { return f(static_cast<double>(x)).value.hi; }
inline big define(const shrink &f, const big &x) {
  if (!(f.lambd < abs(x)))
    return x.negative() ? -0.0 : 0.0;
  return x < 0 ? -(abs(x) - f.bias) : x - f.bias;
}
inline big define(sparse_sigmoid, const big &x) { return x < -1 ? 0 : x < 1 ? (x + 1) / 2 : 1; }
inline big define(sparse_plus, const big &x) { return x < -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x; }
inline big define(star_relu f, const big &x) { return x < 0 ? f.bias : f.scale * x * x + f.bias; }
inline big define(exponential, const big &x) { return exp(x); }
inline big define(softsign, const big &x) { return x / (1 + abs(x)); }
inline big define(softplus f, const big &x) {
  const big t = f.beta * x;
  return (t < 0 ? log1p(exp(t)) : t + log1p(exp(-t))) / f.beta;
}
inline big define(log_sigmoid, const big &x) { return -define(softplus(), -x); }
inline big define(mish, const big &x) { return x * hyperbolic_tangent(log1p(exp(x))); }
inline big define(elu f, const big &x) { return x < 0 ? f.alpha * expm1(x) : x; }
inline big define(selu, const big &x) {
  const big alpha = big::decimal("1.6732632423543772848170429916717");
  return big::decimal("1.0507009873554804934193349852946") * (x < 0 ? alpha * expm1(x) : x);
}
inline big define(celu f, const big &x) { return x < 0 ? f.alpha * expm1(x / f.alpha) : x; }
inline big define(xielu f, const big &x) {
  return (0 < x ? f.alpha_p * x * x : f.alpha_n * (expm1(x < f.eps ? x : f.eps) - x)) + f.beta * x;
}
inline big define(gelu_quick, const big &x) { return x / (1 + exp(-big::decimal("1.702") * x)); }

} // namespace reference
