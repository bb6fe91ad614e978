#pragma once
// The formulas that a user would write, once for all who run them: Math has exp, erf and so on of std's scalars,
// xsimd's batches or Eigen's arrays. peer_libm, peer_xsimd and peer_eigen bring it and the loop.

namespace bench {

/// Calls add(name, f) for each f(x), and gradient(name, f) for each f(x, dy). T is the type of an element.
template <class T, class Math, class Add, class Gradient>
void each_formula(const Math &m, const Add &add, const Gradient &gradient) {
  static constexpr T root_half = T(0.7071067811865476), root_2_pi = T(0.7978845608028654),
                     density = T(0.3989422804014327);
  // Eigen's expressions are returned as such: they hold their parts by value.
  const auto softplus = [m](const auto &x) { return m.max(x, T(0)) + m.log1p(m.exp(-m.abs(x))); };
  add("relu", [m](const auto &x) { return m.max(x, T(0)); });
  add("leaky_relu", [m](const auto &x) { return m.max(x, T(0)) + T(0.01) * m.min(x, T(0)); });
  add("hard_swish", [m](const auto &x) { return x * m.min(m.max(x + T(3), T(0)), T(6)) * T(1.0 / 6); });
  add("softsign", [m](const auto &x) { return x / (T(1) + m.abs(x)); });
  add("sigmoid", [m](const auto &x) { return m.sigmoid(x); });
  add("tanh", [m](const auto &x) { return m.tanh(x); });
  add("silu", [m](const auto &x) { return x * m.sigmoid(x); });
  add("gelu", [m](const auto &x) { return T(0.5) * x * (T(1) + m.erf(x * root_half)); });
  add("gelu_tanh",
      [m](const auto &x) { return T(0.5) * x * (T(1) + m.tanh(root_2_pi * (x + T(0.044715) * x * x * x))); });
  add("softplus", softplus);
  add("elu", [m](const auto &x) { return m.max(x, T(0)) + m.expm1(m.min(x, T(0))); });
  add("mish", [m, softplus](const auto &x) { return x * m.tanh(softplus(x)); });
  gradient("silu_backward", [m](const auto &x, const auto &dy) {
    const auto s = m.sigmoid(x);
    return dy * (s * (T(1) + x * (T(1) - s)));
  });
  gradient("gelu_backward", [m](const auto &x, const auto &dy) {
    return dy * (T(0.5) * (T(1) + m.erf(x * root_half)) + x * density * m.exp(T(-0.5) * x * x));
  });
}

} // namespace bench
