#pragma once
// One record per function: what is true of it, and what each tier and type promises. Every check runs from these.

#include "reference/functions.hpp"
#include "reference/mpfr.hpp"

#include <array>
#include <limits>
#include <string_view>

/// The promises of DESIGN, in ULP; `exact` is besides held to the correctly rounded bits.
struct promises {
  double standard = 1;
  double fast = 4;
  double exact = 0.5;
  double wide = 1.5; // double, every tier
};

struct record {
  std::string_view name; // also of its file in hard_cases/
  reference::truth (*truth)(double);
  reference::big (*definition)(const reference::big &);
  double at_minus_infinity;
  double at_zero; // f(0) = 0 means f(-0) = -0
  double at_infinity;
  struct {
    double from, to;
  } domain; // outside, even a double is its limit or the identity to the last bit
  bool has_hard_cases = true;
  promises ulp = {};
};

template <class F> reference::truth truth_of(double x) { return F()(x); }
template <class F> reference::big definition_of(const reference::big &x) { return define(F(), x); }

namespace records {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

inline constexpr record relu = {.name = "relu",
                                .truth = truth_of<reference::relu>,
                                .definition = definition_of<reference::relu>,
                                .at_minus_infinity = 0,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-1, 1},
                                .has_hard_cases = false};

inline constexpr record leaky_relu = {.name = "leaky_relu",
                                      .truth = truth_of<reference::leaky_relu>,
                                      .definition = definition_of<reference::leaky_relu>,
                                      .at_minus_infinity = -infinity,
                                      .at_zero = 0,
                                      .at_infinity = infinity,
                                      .domain = {-1, 1},
                                      .has_hard_cases = false};

inline constexpr record sigmoid = {.name = "sigmoid",
                                   .truth = truth_of<reference::sigmoid>,
                                   .definition = definition_of<reference::sigmoid>,
                                   .at_minus_infinity = 0,
                                   .at_zero = 0.5,
                                   .at_infinity = 1,
                                   .domain = {-746, 38}};

inline constexpr record tanh = {.name = "tanh",
                                .truth = truth_of<reference::tanh>,
                                .definition = definition_of<reference::tanh>,
                                .at_minus_infinity = -1,
                                .at_zero = 0,
                                .at_infinity = 1,
                                .domain = {-20, 20}};

inline constexpr record silu = {.name = "silu",
                                .truth = truth_of<reference::silu>,
                                .definition = definition_of<reference::silu>,
                                .at_minus_infinity = -0.0,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-753, 38}};

inline constexpr record gelu = {.name = "gelu",
                                .truth = truth_of<reference::gelu>,
                                .definition = definition_of<reference::gelu>,
                                .at_minus_infinity = -0.0,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-38.7, 9}};

inline constexpr record gelu_tanh = {.name = "gelu_tanh",
                                     .truth = truth_of<reference::gelu_tanh>,
                                     .definition = definition_of<reference::gelu_tanh>,
                                     .at_minus_infinity = -0.0,
                                     .at_zero = 0,
                                     .at_infinity = infinity,
                                     .domain = {-21.7, 7}};

inline constexpr std::array all = {relu, leaky_relu, sigmoid, tanh, silu, gelu, gelu_tanh};

} // namespace records
