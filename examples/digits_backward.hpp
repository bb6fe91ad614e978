// The derivatives that digits.cpp trains with, from the input x and the forward value y = f(x) that are at hand anyway.
// Plain float arithmetic, for training only: near the roots of f' it is right in the absolute sense, not in ULP.
#pragma once

#include <xact/xact.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace digits {

inline float slope(xact::relu_t, float x, float) { return x > 0 ? 1.0f : 0.0f; }
inline float slope(xact::leaky_relu_t f, float x, float) { return x > 0 ? 1.0f : static_cast<float>(f.negative_slope); }
inline float slope(xact::sigmoid_t, float, float y) { return y * (1 - y); }
inline float slope(xact::tanh_t, float, float y) { return 1 - y * y; }

// The gated ones are y = x * gate(x), so that y / x gives the gate back without computing it again.
inline float gate(float x, float y) { return x != 0 ? y / x : 0.5f; }

inline float slope(xact::silu_t, float x, float y) {
  const float g = gate(x, y);
  return g + y * (1 - g);
}

inline float slope(xact::gelu_t, float x, float y) {
  const float density = 0.398942280f * std::exp(-0.5f * x * x); // 1 / sqrt(2 pi) * e^(-x^2 / 2)
  return gate(x, y) + x * density;
}

inline float slope(xact::gelu_tanh_t, float x, float y) {
  const float g = gate(x, y);                                     // (1 + tanh(u)) / 2
  const float inner = 0.797884561f * (1 + 3 * 0.044715f * x * x); // u' with u = sqrt(2 / pi) (x + 0.044715 x^3)
  return g + 2 * x * g * (1 - g) * inner;
}

/// dx = dy * f'(x). dx may be dy.
template <class Activation>
void backward(Activation f, std::span<const float> x, std::span<const float> y, std::span<const float> dy,
              std::span<float> dx) {
  for (std::size_t k = 0; k < x.size(); ++k)
    dx[k] = dy[k] * slope(f, x[k], y[k]);
}

} // namespace digits
