// A network that is trained by gradient descent with momentum: columns -> hidden layer with an activation -> one logit
// a class -> softmax.
#pragma once

#include "activations.hpp"
#include "data.hpp"

#include <xact/xact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace report {

struct parameter {
  std::vector<float> value, gradient, velocity;

  explicit parameter(std::size_t size) : value(size), gradient(size), velocity(size) {}

  void descend(float rate, float momentum) {
    for (std::size_t k = 0; k < value.size(); ++k) {
      velocity[k] = momentum * velocity[k] - rate * gradient[k];
      value[k] += velocity[k];
    }
  }
};

inline void add_scaled(float factor, const float *from, float *to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    to[i] += factor * from[i];
}

/// y = x * weights + bias, row after row; weights: a row for each input.
inline void multiply(floats x, floats weights, floats bias, std::vector<float> &y) {
  const std::size_t outputs = bias.size(), inputs = weights.size() / outputs, count = x.size() / inputs;
  y.resize(count * outputs);
  for (std::size_t row = 0; row < count; ++row) {
    float *const out = y.data() + row * outputs;
    std::copy(bias.begin(), bias.end(), out);
    for (std::size_t i = 0; i < inputs; ++i)
      add_scaled(x[row * inputs + i], weights.data() + i * outputs, out, outputs);
  }
}

/// One dense layer over rows.
class dense {
public:
  dense(std::size_t inputs, std::size_t outputs, generator &random)
      : inputs_(inputs), outputs_(outputs), weights_(inputs * outputs), bias_(outputs) {
    const float limit = std::sqrt(6.0f / static_cast<float>(inputs)); // He et al. 2015, the uniform form
    for (float &weight : weights_.value)
      weight = random.uniform(limit);
  }

  floats weights() const { return weights_.value; }
  floats bias() const { return bias_.value; }
  void forward(floats x, std::vector<float> &y) const { multiply(x, weights(), bias(), y); }

  /// Gradients of weights and bias from the layer's input and the gradient of its output.
  void backward(floats x, floats dy) {
    std::fill(weights_.gradient.begin(), weights_.gradient.end(), 0.0f);
    std::fill(bias_.gradient.begin(), bias_.gradient.end(), 0.0f);
    const std::size_t count = x.size() / inputs_;
    for (std::size_t row = 0; row < count; ++row) {
      const float *const out = dy.data() + row * outputs_;
      add_scaled(1.0f, out, bias_.gradient.data(), outputs_);
      for (std::size_t i = 0; i < inputs_; ++i)
        add_scaled(x[row * inputs_ + i], out, weights_.gradient.data() + i * outputs_, outputs_);
    }
  }

  /// Gradient of the layer's input.
  void backward_to_input(floats dy, std::vector<float> &dx) const {
    const std::size_t count = dy.size() / outputs_;
    dx.resize(count * inputs_);
    for (std::size_t row = 0; row < count; ++row)
      for (std::size_t i = 0; i < inputs_; ++i) {
        float sum = 0;
        for (std::size_t o = 0; o < outputs_; ++o)
          sum += dy[row * outputs_ + o] * weights_.value[i * outputs_ + o];
        dx[row * inputs_ + i] = sum;
      }
  }

  void descend(float rate, float momentum) {
    weights_.descend(rate, momentum);
    bias_.descend(rate, momentum);
  }

private:
  std::size_t inputs_, outputs_;
  parameter weights_, bias_;
};

/// What flows through the network, row after row. Of an activation that is not gated, `up` is empty.
struct layers {
  std::vector<float> input, gate, up, hidden, logits;
};

class network {
public:
  network(const activation &f, std::size_t inputs, std::size_t width, std::size_t outputs, generator random)
      : f_(f), classes_(outputs), gate_(inputs, width, random), output_(width, outputs, random),
        up_(inputs, f.is_gated ? width : 0, random) {}

  const activation &function() const { return f_; }
  /// From now on another activation: what --plant gelu_tanh does to a network that was trained with gelu.
  void swap(const activation &f) { f_ = f; }
  const dense &gate() const { return gate_; }
  const dense &up() const { return up_; }
  const dense &output() const { return output_; }
  /// Of all that the activation and softmax have written.
  const xact::census &written() const { return written_; }

  void forward(floats images, layers &x) {
    x.input.assign(images.begin(), images.end());
    gate_.forward(images, x.gate);
    if (f_.is_gated) {
      up_.forward(images, x.up);
    }
    x.hidden.resize(x.gate.size());
    f_.in_float(x.gate, x.up, x.hidden, written_);
    output_.forward(x.hidden, x.logits);
  }

  /// One step of gradient descent on a batch of rows.
  void train(floats images, std::span<const std::size_t> labels, float rate, float momentum) {
    forward(images, x_);

    // Softmax with cross-entropy: the gradient of the logits is (probabilities - one-hot label) / rows.
    logits_gradient_.resize(x_.logits.size());
    xact::watch(xact::softmax, written_)(xact::rows(x_.logits, classes_), xact::rows(logits_gradient_, classes_));
    for (std::size_t row = 0; row < labels.size(); ++row)
      logits_gradient_[row * classes_ + labels[row]] -= 1.0f;
    for (float &gradient : logits_gradient_)
      gradient /= static_cast<float>(labels.size());

    output_.backward(x_.hidden, logits_gradient_);
    output_.backward_to_input(logits_gradient_, hidden_gradient_);
    up_gradient_.resize(x_.up.size());
    f_.backward(x_.gate, x_.up, hidden_gradient_, hidden_gradient_, up_gradient_);
    gate_.backward(images, hidden_gradient_);

    gate_.descend(rate, momentum);
    output_.descend(rate, momentum);
    if (f_.is_gated) {
      up_.backward(images, up_gradient_);
      up_.descend(rate, momentum);
    }
  }

  /// The mean cross-entropy.
  double loss(const dataset &data) {
    forward(data.images, x_);
    // Not the log of the probability: that is -inf where softmax has underflowed to 0, and inaccurate near 1.
    xact::log_softmax(xact::rows(x_.logits, classes_), xact::rows(x_.logits, classes_));
    double sum = 0;
    for (std::size_t row = 0; row < data.size(); ++row)
      sum -= static_cast<double>(x_.logits[row * classes_ + data.labels[row]]);
    return sum / static_cast<double>(data.size());
  }

private:
  activation f_;
  std::size_t classes_;
  dense gate_, output_, up_; // in this order: all activations begin with the same weights
  layers x_;
  std::vector<float> hidden_gradient_, up_gradient_, logits_gradient_;
  xact::census written_;
};

} // namespace report
