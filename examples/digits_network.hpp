// The network of digits.cpp: 64 pixels -> hidden layer with an activation -> 10 logits -> softmax, trained by gradient
// descent with momentum. The activation is a template argument: any activation of xact, or one of your own.
#pragma once

#include "digits_data.hpp"

#include <xact/xact.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace digits {

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

/// One dense layer over rows: y = x * weights + bias.
class dense {
public:
  dense(std::size_t inputs, std::size_t outputs, generator &random)
      : inputs_(inputs), outputs_(outputs), weights_(inputs * outputs), bias_(outputs) {
    const float limit = std::sqrt(6.0f / static_cast<float>(inputs)); // He et al. 2015, the uniform form
    for (float &weight : weights_.value)
      weight = random.uniform(limit);
  }

  void forward(std::span<const float> x, std::vector<float> &y) const {
    const std::size_t count = x.size() / inputs_;
    y.resize(count * outputs_);
    for (std::size_t row = 0; row < count; ++row) {
      float *const out = y.data() + row * outputs_;
      std::copy(bias_.value.begin(), bias_.value.end(), out);
      for (std::size_t i = 0; i < inputs_; ++i)
        add_scaled(x[row * inputs_ + i], weights_.value.data() + i * outputs_, out);
    }
  }

  /// Gradients of weights and bias from the layer's input and the gradient of its output.
  void backward(std::span<const float> x, std::span<const float> dy) {
    std::fill(weights_.gradient.begin(), weights_.gradient.end(), 0.0f);
    std::fill(bias_.gradient.begin(), bias_.gradient.end(), 0.0f);
    const std::size_t count = x.size() / inputs_;
    for (std::size_t row = 0; row < count; ++row) {
      const float *const out = dy.data() + row * outputs_;
      add_scaled(1.0f, out, bias_.gradient.data());
      for (std::size_t i = 0; i < inputs_; ++i)
        add_scaled(x[row * inputs_ + i], out, weights_.gradient.data() + i * outputs_);
    }
  }

  /// Gradient of the layer's input.
  void backward_to_input(std::span<const float> dy, std::vector<float> &dx) const {
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
  void add_scaled(float factor, const float *from, float *to) const {
    for (std::size_t o = 0; o < outputs_; ++o)
      to[o] += factor * from[o];
  }

  std::size_t inputs_, outputs_;
  parameter weights_, bias_;
};

/// How many of the values that an activation or softmax wrote were NaN.
struct nan_count {
  std::size_t nan = 0, written = 0;

  void look_at(std::span<const float> values) {
    written += values.size();
    for (const float value : values)
      nan += std::isnan(value) ? 1 : 0;
  }
};

struct score {
  double loss = 0;     // mean cross-entropy
  double accuracy = 0; // share of rows whose most probable digit is the right one
};

template <class Activation> class network {
public:
  network(Activation activation, std::size_t width, generator random)
      : activation_(activation), hidden_layer_(pixels, width, random), output_layer_(width, classes, random) {}

  /// One step of gradient descent on a batch of rows.
  void train(std::span<const float> images, std::span<const std::size_t> labels, float rate, float momentum) {
    forward(images);

    // Softmax with cross-entropy: the gradient of the logits is (probabilities - one-hot label) / rows.
    logits_gradient_ = probabilities_;
    for (std::size_t row = 0; row < labels.size(); ++row)
      logits_gradient_[row * classes + labels[row]] -= 1.0f;
    for (float &gradient : logits_gradient_)
      gradient /= static_cast<float>(labels.size());

    output_layer_.backward(hidden_, logits_gradient_);
    output_layer_.backward_to_input(logits_gradient_, hidden_gradient_);
    xact::backward(activation_, before_, hidden_gradient_, hidden_gradient_);
    hidden_layer_.backward(images, hidden_gradient_);

    hidden_layer_.descend(rate, momentum);
    output_layer_.descend(rate, momentum);
  }

  score evaluate(const dataset &data) {
    forward(data.images);
    // Not the log of the probability: that is -inf where softmax has underflowed to 0, and inaccurate near 1.
    xact::log_softmax(xact::rows(logits_, classes), xact::rows(logits_, classes));

    score result;
    for (std::size_t row = 0; row < data.size(); ++row) {
      const auto first = logits_.begin() + static_cast<std::ptrdiff_t>(row * classes);
      const auto label = static_cast<std::ptrdiff_t>(data.labels[row]);
      result.loss -= static_cast<double>(first[label]);
      result.accuracy += std::max_element(first, first + classes) == first + label ? 1 : 0;
    }
    result.loss /= static_cast<double>(data.size());
    result.accuracy /= static_cast<double>(data.size());
    return result;
  }

  const nan_count &nans() const { return nans_; }

private:
  void forward(std::span<const float> images) {
    hidden_layer_.forward(images, before_);
    hidden_.resize(before_.size());
    activation_(before_, hidden_);
    output_layer_.forward(hidden_, logits_);
    probabilities_.resize(logits_.size());
    xact::softmax(xact::rows(logits_, classes), xact::rows(probabilities_, classes));

    nans_.look_at(hidden_);
    nans_.look_at(probabilities_);
  }

  Activation activation_;
  dense hidden_layer_, output_layer_;
  std::vector<float> before_, hidden_, logits_, probabilities_;
  std::vector<float> hidden_gradient_, logits_gradient_;
  nan_count nans_;
};

} // namespace digits
