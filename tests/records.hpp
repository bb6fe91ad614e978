#pragma once
// One record per function: what is true of it, and what each tier and type promises. Every check runs from these.

#include "reference/exponential.hpp"
#include "reference/mpfr.hpp"
#include "reference/snake.hpp"

#include <array>
#include <limits>
#include <stdexcept>
#include <string_view>

/// The promises of DESIGN, in ULP; `exact` is besides held to the correctly rounded bits.
struct promises {
  double standard = 4;
  double accurate = 1;
  double exact = 0.5;
  double wide = 4; // double
  double wide_accurate = 1.5;
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
  std::array<double, 3> closely = {}; // points around which to look: roots, kinks
  double eighths_from =
      std::numeric_limits<double>::infinity(); // from there on, an error counts in ULP of 1/8 at least
};

template <class F> reference::truth truth_of(double x) { return F()(x); }
template <class F> reference::big definition_of(const reference::big &x) { return define(F(), x); }

/// `r` with other parameters: Make returns the reference function that has them.
template <auto Make> record with_parameters(record r, double at_minus_infinity, double at_zero, double at_infinity) {
  r.truth = [](double x) { return Make()(x); };
  r.definition = [](const reference::big &x) { return define(Make(), x); };
  r.at_minus_infinity = at_minus_infinity;
  r.at_zero = at_zero;
  r.at_infinity = at_infinity;
  r.has_hard_cases = false;
  return r;
}

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

inline constexpr record relu6 = {.name = "relu6",
                                 .truth = truth_of<reference::relu6>,
                                 .definition = definition_of<reference::relu6>,
                                 .at_minus_infinity = 0,
                                 .at_zero = 0,
                                 .at_infinity = 6,
                                 .domain = {-1, 7},
                                 .has_hard_cases = false};

inline constexpr record relu_squared = {.name = "relu_squared",
                                        .truth = truth_of<reference::relu_squared>,
                                        .definition = definition_of<reference::relu_squared>,
                                        .at_minus_infinity = 0,
                                        .at_zero = 0,
                                        .at_infinity = infinity,
                                        .domain = {-1, 100},
                                        .has_hard_cases = false};

inline constexpr record hard_tanh = {.name = "hard_tanh",
                                     .truth = truth_of<reference::hard_tanh>,
                                     .definition = definition_of<reference::hard_tanh>,
                                     .at_minus_infinity = -1,
                                     .at_zero = 0,
                                     .at_infinity = 1,
                                     .domain = {-2, 2},
                                     .has_hard_cases = false};

inline constexpr record hard_sigmoid = {.name = "hard_sigmoid",
                                        .truth = truth_of<reference::hard_sigmoid>,
                                        .definition = definition_of<reference::hard_sigmoid>,
                                        .at_minus_infinity = 0,
                                        .at_zero = 0.5,
                                        .at_infinity = 1,
                                        .domain = {-4, 4},
                                        .has_hard_cases = false};

inline constexpr record hard_swish = {.name = "hard_swish",
                                      .truth = truth_of<reference::hard_swish>,
                                      .definition = definition_of<reference::hard_swish>,
                                      .at_minus_infinity = -0.0,
                                      .at_zero = 0,
                                      .at_infinity = infinity,
                                      .domain = {-4, 4},
                                      .has_hard_cases = false};

inline constexpr record softsign = {.name = "softsign",
                                    .truth = truth_of<reference::softsign>,
                                    .definition = definition_of<reference::softsign>,
                                    .at_minus_infinity = -1,
                                    .at_zero = 0,
                                    .at_infinity = 1,
                                    .domain = {-100, 100},
                                    .has_hard_cases = false};

inline constexpr record softplus = {.name = "softplus",
                                    .truth = truth_of<reference::softplus>,
                                    .definition = definition_of<reference::softplus>,
                                    .at_minus_infinity = 0,
                                    .at_zero = 0.6931471805599453,
                                    .at_infinity = infinity,
                                    .domain = {-746, 38}};

inline constexpr record log_sigmoid = {.name = "log_sigmoid",
                                       .truth = truth_of<reference::log_sigmoid>,
                                       .definition = definition_of<reference::log_sigmoid>,
                                       .at_minus_infinity = -infinity,
                                       .at_zero = -0.6931471805599453,
                                       .at_infinity = -0.0,
                                       .domain = {-38, 746},
                                       .has_hard_cases = false};

inline constexpr record mish = {.name = "mish",
                                .truth = truth_of<reference::mish>,
                                .definition = definition_of<reference::mish>,
                                .at_minus_infinity = -0.0,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-753, 38}};

inline constexpr record gelu_quick = {.name = "gelu_quick",
                                      .truth = truth_of<reference::gelu_quick>,
                                      .definition = definition_of<reference::gelu_quick>,
                                      .at_minus_infinity = -0.0,
                                      .at_zero = 0,
                                      .at_infinity = infinity,
                                      .domain = {-442, 23},
                                      .has_hard_cases = false};

inline constexpr record elu = {.name = "elu",
                               .truth = truth_of<reference::elu>,
                               .definition = definition_of<reference::elu>,
                               .at_minus_infinity = -1,
                               .at_zero = 0,
                               .at_infinity = infinity,
                               .domain = {-40, 1},
                               .has_hard_cases = false};

inline constexpr record selu = {.name = "selu",
                                .truth = truth_of<reference::selu>,
                                .definition = definition_of<reference::selu>,
                                .at_minus_infinity = -0x1.c212cc640f031p+0,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-40, 1},
                                .has_hard_cases = false};

inline constexpr record celu = {.name = "celu",
                                .truth = truth_of<reference::celu>,
                                .definition = definition_of<reference::celu>,
                                .at_minus_infinity = -1,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-40, 1},
                                .has_hard_cases = false};

inline constexpr record linear = {.name = "linear",
                                  .truth = truth_of<reference::linear>,
                                  .definition = definition_of<reference::linear>,
                                  .at_minus_infinity = -infinity,
                                  .at_zero = 0,
                                  .at_infinity = infinity,
                                  .domain = {-1, 1},
                                  .has_hard_cases = false};

inline constexpr record threshold = {.name = "threshold",
                                     .truth = truth_of<reference::threshold>,
                                     .definition = definition_of<reference::threshold>,
                                     .at_minus_infinity = 0,
                                     .at_zero = 0,
                                     .at_infinity = infinity,
                                     .domain = {-1, 1},
                                     .has_hard_cases = false};

inline constexpr record thresholded_relu = {.name = "thresholded_relu",
                                            .truth = truth_of<reference::thresholded_relu>,
                                            .definition = definition_of<reference::thresholded_relu>,
                                            .at_minus_infinity = 0,
                                            .at_zero = 0,
                                            .at_infinity = infinity,
                                            .domain = {-2, 2},
                                            .has_hard_cases = false};

inline constexpr record hard_shrink = {.name = "hard_shrink",
                                       .truth = truth_of<reference::hard_shrink>,
                                       .definition = definition_of<reference::hard_shrink>,
                                       .at_minus_infinity = -infinity,
                                       .at_zero = 0,
                                       .at_infinity = infinity,
                                       .domain = {-2, 2},
                                       .has_hard_cases = false};

inline constexpr record soft_shrink = {.name = "soft_shrink",
                                       .truth = truth_of<reference::soft_shrink>,
                                       .definition = definition_of<reference::soft_shrink>,
                                       .at_minus_infinity = -infinity,
                                       .at_zero = 0,
                                       .at_infinity = infinity,
                                       .domain = {-2, 2},
                                       .has_hard_cases = false};

inline constexpr record shrink = {.name = "shrink",
                                  .truth = truth_of<reference::shrink>,
                                  .definition = definition_of<reference::shrink>,
                                  .at_minus_infinity = -infinity,
                                  .at_zero = 0,
                                  .at_infinity = infinity,
                                  .domain = {-2, 2},
                                  .has_hard_cases = false};

inline constexpr record sparse_sigmoid = {.name = "sparse_sigmoid",
                                          .truth = truth_of<reference::sparse_sigmoid>,
                                          .definition = definition_of<reference::sparse_sigmoid>,
                                          .at_minus_infinity = 0,
                                          .at_zero = 0.5,
                                          .at_infinity = 1,
                                          .domain = {-2, 2},
                                          .has_hard_cases = false};

inline constexpr record sparse_plus = {.name = "sparse_plus",
                                       .truth = truth_of<reference::sparse_plus>,
                                       .definition = definition_of<reference::sparse_plus>,
                                       .at_minus_infinity = 0,
                                       .at_zero = 0.25,
                                       .at_infinity = infinity,
                                       .domain = {-2, 2},
                                       .has_hard_cases = false};

inline constexpr record star_relu = {.name = "star_relu",
                                     .truth = truth_of<reference::star_relu>,
                                     .definition = definition_of<reference::star_relu>,
                                     .at_minus_infinity = -0.4472,
                                     .at_zero = -0.4472,
                                     .at_infinity = infinity,
                                     .domain = {-1, 100},
                                     .has_hard_cases = false};

inline constexpr record exponential = {.name = "exponential",
                                       .truth = truth_of<reference::exponential>,
                                       .definition = definition_of<reference::exponential>,
                                       .at_minus_infinity = 0,
                                       .at_zero = 1,
                                       .at_infinity = infinity,
                                       .domain = {-746, 709.8},
                                       .has_hard_cases = false};

inline constexpr record tanh_shrink = {.name = "tanh_shrink",
                                       .truth = truth_of<reference::tanh_shrink>,
                                       .definition = definition_of<reference::tanh_shrink>,
                                       .at_minus_infinity = -infinity,
                                       .at_zero = 0,
                                       .at_infinity = infinity,
                                       .domain = {-25, 25},
                                       .has_hard_cases = false};

inline constexpr record softcap = {.name = "softcap",
                                   .truth = truth_of<reference::softcap>,
                                   .definition = definition_of<reference::softcap>,
                                   .at_minus_infinity = -30,
                                   .at_zero = 0,
                                   .at_infinity = 30,
                                   .domain = {-700, 700},
                                   .has_hard_cases = false};

inline constexpr record laplace = {.name = "laplace",
                                   .truth = truth_of<reference::laplace>,
                                   .definition = definition_of<reference::laplace>,
                                   .at_minus_infinity = 0,
                                   .at_zero = 0x1.8f6810beee74ep-8,
                                   .at_infinity = 1,
                                   .domain = {-11, 4},
                                   .has_hard_cases = false};

inline constexpr record snake = {.name = "snake",
                                 .truth = truth_of<reference::snake>,
                                 .definition = definition_of<reference::snake>,
                                 .at_minus_infinity = -infinity,
                                 .at_zero = 0,
                                 .at_infinity = infinity,
                                 .domain = {-50, 50},
                                 .has_hard_cases = false};

inline constexpr record snake_beta = {.name = "snake_beta",
                                      .truth = truth_of<reference::snake_beta>,
                                      .definition = definition_of<reference::snake_beta>,
                                      .at_minus_infinity = -infinity,
                                      .at_zero = 0,
                                      .at_infinity = infinity,
                                      .domain = {-50, 50},
                                      .has_hard_cases = false};

inline constexpr record xielu = {.name = "xielu",
                                 .truth = truth_of<reference::xielu>,
                                 .definition = definition_of<reference::xielu>,
                                 .at_minus_infinity = infinity,
                                 .at_zero = -0x1.ad7f1b98ea0f1p-21,
                                 .at_infinity = infinity,
                                 .domain = {-40, 40},
                                 .has_hard_cases = false};

inline constexpr std::array all = {
    relu,        leaky_relu,  relu6,          relu_squared, hard_tanh, hard_sigmoid, hard_swish,       softsign,
    sigmoid,     log_sigmoid, softplus,       tanh,         silu,      gelu,         gelu_tanh,        gelu_quick,
    mish,        elu,         selu,           celu,         linear,    threshold,    thresholded_relu, hard_shrink,
    soft_shrink, shrink,      sparse_sigmoid, sparse_plus,  star_relu, exponential,  tanh_shrink,      softcap,
    laplace,     snake,       snake_beta,     xielu};

/// The record of that name; it does not compile, or it throws, where there is none.
constexpr const record &of(std::string_view name) {
  for (const record &r : all)
    if (r.name == name)
      return r;
  throw std::out_of_range("an activation of the list has no record");
}

} // namespace records
