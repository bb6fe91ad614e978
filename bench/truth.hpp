#pragma once
// The accuracy that stands beside the speed, from a sample of floats a prime stride apart. It finds what a peer loses,
// not the last tenth of an ULP: for xact's own tiers the tests over every float have the word.

#include "../tests/reference/exponential.hpp"
#include "../tests/reference/functions.hpp"
#include "../tests/reference/piecewise.hpp"
#include "../tests/reference/softmax.hpp"
#include "bench.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace bench {

/// In ULP of float at the true value, infinite where the result is not a number but should be.
struct errors {
  double near_zero = 0; // abs(x) <= 1; this and the next without subnormal x, which many peers flush
  double positive = 0;  // 0 < x <= 100
  double everywhere = 0;
  float worst = 0; // the input of `everywhere`
};

using true_function = reference::truth (*)(double);

template <class F> reference::truth at(double x) { return F()(x); }

/// nullptr where there is no element-wise definition.
inline true_function truth_of(std::string_view function) {
  static const std::pair<std::string_view, true_function> known[] = {{"relu", at<reference::relu>},
                                                                     {"leaky_relu", at<reference::leaky_relu>},
                                                                     {"relu6", at<reference::relu6>},
                                                                     {"relu_squared", at<reference::relu_squared>},
                                                                     {"sigmoid", at<reference::sigmoid>},
                                                                     {"tanh", at<reference::tanh>},
                                                                     {"silu", at<reference::silu>},
                                                                     {"gelu", at<reference::gelu>},
                                                                     {"gelu_tanh", at<reference::gelu_tanh>},
                                                                     {"gelu_quick", at<reference::gelu_quick>},
                                                                     {"softplus", at<reference::softplus>},
                                                                     {"log_sigmoid", at<reference::log_sigmoid>},
                                                                     {"mish", at<reference::mish>},
                                                                     {"elu", at<reference::elu>},
                                                                     {"selu", at<reference::selu>},
                                                                     {"celu", at<reference::celu>},
                                                                     {"hard_sigmoid", at<reference::hard_sigmoid>},
                                                                     {"hard_swish", at<reference::hard_swish>},
                                                                     {"hard_tanh", at<reference::hard_tanh>},
                                                                     {"softsign", at<reference::softsign>}};
  const auto *found = std::find_if(std::begin(known), std::end(known), [&](auto &k) { return k.first == function; });
  return found == std::end(known) ? nullptr : found->second;
}

inline std::vector<float> sample() {
  std::vector<float> result;
  for (std::uint64_t pattern = 0; pattern < std::uint64_t(1) << 32; pattern += 14341) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(pattern));
    if (std::isfinite(x))
      result.push_back(x);
  }
  return result;
}

inline errors measure_errors(const contender<float> &c, true_function truth, const std::vector<float> &inputs) {
  std::vector<float> outputs(inputs.size());
  c.run(inputs.data(), outputs.data(), inputs.size());
  errors result;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const float x = inputs[i];
    double error = std::abs(reference::ulps(outputs[i], truth(static_cast<double>(x))));
    if (std::isnan(error))
      error = std::numeric_limits<double>::infinity();
    if (error > result.everywhere) {
      result.everywhere = error;
      result.worst = x;
    }
    if (x > 0)
      result.positive = std::max(result.positive, error);
    if (std::abs(x) <= 1)
      result.near_zero = std::max(result.near_zero, error);
  }
  return result;
}

using true_element = reference::truth (reference::row_truth::*)(double) const;

/// nullptr for what is no row function.
inline true_element true_element_of(std::string_view function) {
  if (function.starts_with("softmax_"))
    return &reference::row_truth::softmax;
  if (function.starts_with("log_softmax_"))
    return &reference::row_truth::log_softmax;
  return nullptr;
}

/// The largest error of an element in rows from N(0, 3), 32768 logits in all.
inline double measure_row_error(const contender<float> &c, true_element truth) {
  constexpr std::size_t n = 32768;
  const buffers<float> data(n, 3);
  c.run(data.in(), data.out(), n);
  const std::size_t columns = c.columns > 1 ? c.columns : n;
  double worst = 0;
  for (std::size_t start = 0; start < n; start += columns) {
    const reference::row_truth row(std::span<const float>(data.in() + start, columns));
    for (std::size_t i = start; i < start + columns; ++i) {
      const double error = std::abs(reference::ulps(data.out()[i], (row.*truth)(static_cast<double>(data.in()[i]))));
      worst = error <= worst ? worst : std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
    }
  }
  return worst;
}

} // namespace bench
