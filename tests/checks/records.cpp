#include "../records.hpp"

#include "../reference/derivatives.hpp"
#include "../reference/exponential.hpp"
#include "../reference/mpfr.hpp"
#include "../reference/snake.hpp"
#include "../reference/squareplus.hpp"

#include <stdexcept>

namespace records {

template <class F> reference::truth truth_of(double x) { return F()(x); }
template <class F> reference::big definition_of(const reference::big &x) { return define(F(), x); }

constexpr record relu = {.name = "relu",
                         .truth = truth_of<reference::relu>,
                         .definition = definition_of<reference::relu>,
                         .at_minus_infinity = 0,
                         .at_zero = 0,
                         .at_infinity = infinity,
                         .domain = {-1, 1},
                         .has_hard_cases = false};

constexpr record leaky_relu = {.name = "leaky_relu",
                               .truth = truth_of<reference::leaky_relu>,
                               .definition = definition_of<reference::leaky_relu>,
                               .at_minus_infinity = -infinity,
                               .at_zero = 0,
                               .at_infinity = infinity,
                               .domain = {-1, 1},
                               .has_hard_cases = false};

constexpr record sigmoid = {.name = "sigmoid",
                            .truth = truth_of<reference::sigmoid>,
                            .definition = definition_of<reference::sigmoid>,
                            .at_minus_infinity = 0,
                            .at_zero = 0.5,
                            .at_infinity = 1,
                            .domain = {-746, 38}};

constexpr record tanh = {.name = "tanh",
                         .truth = truth_of<reference::tanh>,
                         .definition = definition_of<reference::tanh>,
                         .at_minus_infinity = -1,
                         .at_zero = 0,
                         .at_infinity = 1,
                         .domain = {-20, 20}};

constexpr record silu = {.name = "silu",
                         .truth = truth_of<reference::silu>,
                         .definition = definition_of<reference::silu>,
                         .at_minus_infinity = -0.0,
                         .at_zero = 0,
                         .at_infinity = infinity,
                         .domain = {-753, 38}};

constexpr record gelu = {.name = "gelu",
                         .truth = truth_of<reference::gelu>,
                         .definition = definition_of<reference::gelu>,
                         .at_minus_infinity = -0.0,
                         .at_zero = 0,
                         .at_infinity = infinity,
                         .domain = {-38.7, 9}};

constexpr record gelu_tanh = {.name = "gelu_tanh",
                              .truth = truth_of<reference::gelu_tanh>,
                              .definition = definition_of<reference::gelu_tanh>,
                              .at_minus_infinity = -0.0,
                              .at_zero = 0,
                              .at_infinity = infinity,
                              .domain = {-21.7, 7}};

constexpr record relu6 = {.name = "relu6",
                          .truth = truth_of<reference::relu6>,
                          .definition = definition_of<reference::relu6>,
                          .at_minus_infinity = 0,
                          .at_zero = 0,
                          .at_infinity = 6,
                          .domain = {-1, 7},
                          .has_hard_cases = false};

constexpr record relu_squared = {.name = "relu_squared",
                                 .truth = truth_of<reference::relu_squared>,
                                 .definition = definition_of<reference::relu_squared>,
                                 .at_minus_infinity = 0,
                                 .at_zero = 0,
                                 .at_infinity = infinity,
                                 .domain = {-1, 100},
                                 .has_hard_cases = false};

constexpr record hard_tanh = {.name = "hard_tanh",
                              .truth = truth_of<reference::hard_tanh>,
                              .definition = definition_of<reference::hard_tanh>,
                              .at_minus_infinity = -1,
                              .at_zero = 0,
                              .at_infinity = 1,
                              .domain = {-2, 2},
                              .has_hard_cases = false};

constexpr record hard_sigmoid = {.name = "hard_sigmoid",
                                 .truth = truth_of<reference::hard_sigmoid>,
                                 .definition = definition_of<reference::hard_sigmoid>,
                                 .at_minus_infinity = 0,
                                 .at_zero = 0.5,
                                 .at_infinity = 1,
                                 .domain = {-4, 4},
                                 .has_hard_cases = false};

constexpr record hard_swish = {.name = "hard_swish",
                               .truth = truth_of<reference::hard_swish>,
                               .definition = definition_of<reference::hard_swish>,
                               .at_minus_infinity = -0.0,
                               .at_zero = 0,
                               .at_infinity = infinity,
                               .domain = {-4, 4},
                               .has_hard_cases = false};

constexpr record softsign = {.name = "softsign",
                             .truth = truth_of<reference::softsign>,
                             .definition = definition_of<reference::softsign>,
                             .at_minus_infinity = -1,
                             .at_zero = 0,
                             .at_infinity = 1,
                             .domain = {-100, 100},
                             .has_hard_cases = false};

constexpr record softplus = {.name = "softplus",
                             .truth = truth_of<reference::softplus>,
                             .definition = definition_of<reference::softplus>,
                             .at_minus_infinity = 0,
                             .at_zero = 0.6931471805599453,
                             .at_infinity = infinity,
                             .domain = {-746, 38}};

constexpr record log_sigmoid = {.name = "log_sigmoid",
                                .truth = truth_of<reference::log_sigmoid>,
                                .definition = definition_of<reference::log_sigmoid>,
                                .at_minus_infinity = -infinity,
                                .at_zero = -0.6931471805599453,
                                .at_infinity = -0.0,
                                .domain = {-38, 746},
                                .has_hard_cases = false};

constexpr record mish = {.name = "mish",
                         .truth = truth_of<reference::mish>,
                         .definition = definition_of<reference::mish>,
                         .at_minus_infinity = -0.0,
                         .at_zero = 0,
                         .at_infinity = infinity,
                         .domain = {-753, 38}};

constexpr record gelu_quick = {.name = "gelu_quick",
                               .truth = truth_of<reference::gelu_quick>,
                               .definition = definition_of<reference::gelu_quick>,
                               .at_minus_infinity = -0.0,
                               .at_zero = 0,
                               .at_infinity = infinity,
                               .domain = {-442, 23},
                               .has_hard_cases = false};

constexpr record elu = {.name = "elu",
                        .truth = truth_of<reference::elu>,
                        .definition = definition_of<reference::elu>,
                        .at_minus_infinity = -1,
                        .at_zero = 0,
                        .at_infinity = infinity,
                        .domain = {-40, 1},
                        .has_hard_cases = false};

constexpr record selu = {.name = "selu",
                         .truth = truth_of<reference::selu>,
                         .definition = definition_of<reference::selu>,
                         .at_minus_infinity = -0x1.c212cc640f031p+0,
                         .at_zero = 0,
                         .at_infinity = infinity,
                         .domain = {-40, 1},
                         .has_hard_cases = false};

constexpr record celu = {.name = "celu",
                         .truth = truth_of<reference::celu>,
                         .definition = definition_of<reference::celu>,
                         .at_minus_infinity = -1,
                         .at_zero = 0,
                         .at_infinity = infinity,
                         .domain = {-40, 1},
                         .has_hard_cases = false};

constexpr record linear = {.name = "linear",
                           .truth = truth_of<reference::linear>,
                           .definition = definition_of<reference::linear>,
                           .at_minus_infinity = -infinity,
                           .at_zero = 0,
                           .at_infinity = infinity,
                           .domain = {-1, 1},
                           .has_hard_cases = false};

constexpr record threshold = {.name = "threshold",
                              .truth = truth_of<reference::threshold>,
                              .definition = definition_of<reference::threshold>,
                              .at_minus_infinity = 0,
                              .at_zero = 0,
                              .at_infinity = infinity,
                              .domain = {-1, 1},
                              .has_hard_cases = false};

constexpr record thresholded_relu = {.name = "thresholded_relu",
                                     .truth = truth_of<reference::thresholded_relu>,
                                     .definition = definition_of<reference::thresholded_relu>,
                                     .at_minus_infinity = 0,
                                     .at_zero = 0,
                                     .at_infinity = infinity,
                                     .domain = {-2, 2},
                                     .has_hard_cases = false};

constexpr record hard_shrink = {.name = "hard_shrink",
                                .truth = truth_of<reference::hard_shrink>,
                                .definition = definition_of<reference::hard_shrink>,
                                .at_minus_infinity = -infinity,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-2, 2},
                                .has_hard_cases = false};

constexpr record soft_shrink = {.name = "soft_shrink",
                                .truth = truth_of<reference::soft_shrink>,
                                .definition = definition_of<reference::soft_shrink>,
                                .at_minus_infinity = -infinity,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-2, 2},
                                .has_hard_cases = false};

constexpr record shrink = {.name = "shrink",
                           .truth = truth_of<reference::shrink>,
                           .definition = definition_of<reference::shrink>,
                           .at_minus_infinity = -infinity,
                           .at_zero = 0,
                           .at_infinity = infinity,
                           .domain = {-2, 2},
                           .has_hard_cases = false};

constexpr record sparse_sigmoid = {.name = "sparse_sigmoid",
                                   .truth = truth_of<reference::sparse_sigmoid>,
                                   .definition = definition_of<reference::sparse_sigmoid>,
                                   .at_minus_infinity = 0,
                                   .at_zero = 0.5,
                                   .at_infinity = 1,
                                   .domain = {-2, 2},
                                   .has_hard_cases = false};

constexpr record sparse_plus = {.name = "sparse_plus",
                                .truth = truth_of<reference::sparse_plus>,
                                .definition = definition_of<reference::sparse_plus>,
                                .at_minus_infinity = 0,
                                .at_zero = 0.25,
                                .at_infinity = infinity,
                                .domain = {-2, 2},
                                .has_hard_cases = false};

constexpr record star_relu = {.name = "star_relu",
                              .truth = truth_of<reference::star_relu>,
                              .definition = definition_of<reference::star_relu>,
                              .at_minus_infinity = -0.4472,
                              .at_zero = -0.4472,
                              .at_infinity = infinity,
                              .domain = {-1, 100},
                              .has_hard_cases = false};

constexpr record exponential = {.name = "exponential",
                                .truth = truth_of<reference::exponential>,
                                .definition = definition_of<reference::exponential>,
                                .at_minus_infinity = 0,
                                .at_zero = 1,
                                .at_infinity = infinity,
                                .domain = {-746, 709.8},
                                .has_hard_cases = false};

constexpr record tanh_shrink = {.name = "tanh_shrink",
                                .truth = truth_of<reference::tanh_shrink>,
                                .definition = definition_of<reference::tanh_shrink>,
                                .at_minus_infinity = -infinity,
                                .at_zero = 0,
                                .at_infinity = infinity,
                                .domain = {-25, 25},
                                .has_hard_cases = false};

constexpr record softcap = {.name = "softcap",
                            .truth = truth_of<reference::softcap>,
                            .definition = definition_of<reference::softcap>,
                            .at_minus_infinity = -30,
                            .at_zero = 0,
                            .at_infinity = 30,
                            .domain = {-700, 700},
                            .has_hard_cases = false};

constexpr record laplace = {.name = "laplace",
                            .truth = truth_of<reference::laplace>,
                            .definition = definition_of<reference::laplace>,
                            .at_minus_infinity = 0,
                            .at_zero = 0x1.8f6810beee74ep-8,
                            .at_infinity = 1,
                            .domain = {-11, 4},
                            .has_hard_cases = false};

constexpr record snake = {.name = "snake",
                          .truth = truth_of<reference::snake>,
                          .definition = definition_of<reference::snake>,
                          .at_minus_infinity = -infinity,
                          .at_zero = 0,
                          .at_infinity = infinity,
                          .domain = {-50, 50},
                          .has_hard_cases = false};

constexpr record snake_beta = {.name = "snake_beta",
                               .truth = truth_of<reference::snake_beta>,
                               .definition = definition_of<reference::snake_beta>,
                               .at_minus_infinity = -infinity,
                               .at_zero = 0,
                               .at_infinity = infinity,
                               .domain = {-50, 50},
                               .has_hard_cases = false};

constexpr record xielu = {.name = "xielu",
                          .truth = truth_of<reference::xielu>,
                          .definition = definition_of<reference::xielu>,
                          .at_minus_infinity = infinity,
                          .at_zero = -0x1.ad7f1b98ea0f1p-21,
                          .at_infinity = infinity,
                          .domain = {-40, 40},
                          .has_hard_cases = false};

constexpr record squareplus = {.name = "squareplus",
                               .truth = truth_of<reference::squareplus>,
                               .definition = definition_of<reference::squareplus>,
                               .at_minus_infinity = 0,
                               .at_zero = 1,
                               .at_infinity = infinity,
                               .domain = {-1e4, 1e4},
                               .has_hard_cases = false};

constexpr std::array every = {
    relu,        leaky_relu,  relu6,          relu_squared, hard_tanh, hard_sigmoid, hard_swish,       softsign,
    sigmoid,     log_sigmoid, softplus,       tanh,         silu,      gelu,         gelu_tanh,        gelu_quick,
    mish,        elu,         selu,           celu,         linear,    threshold,    thresholded_relu, hard_shrink,
    soft_shrink, shrink,      sparse_sigmoid, sparse_plus,  star_relu, exponential,  tanh_shrink,      softcap,
    laplace,     snake,       snake_beta,     xielu,        squareplus};

// Derivatives.

/// The record of f', F being its reference. `rounded` ones are correctly rounded under `exact`, the others within 1
/// ULP. In the default tier, from `eighths_from` on, where the root is, errors count in ULP of 1/8 at least.
template <class F>
constexpr record derivative(std::string_view name, double at_minus_infinity, double at_zero, double at_infinity,
                            double from, double to, bool rounded = false, std::array<double, 3> closely = {},
                            double eighths_from = infinity) {
  return {.name = name,
          .truth = truth_of<F>,
          .definition = definition_of<F>,
          .at_minus_infinity = at_minus_infinity,
          .at_zero = at_zero,
          .at_infinity = at_infinity,
          .domain = {from, to},
          .has_hard_cases = false,
          .ulp = {.standard = 8, .accurate = 2, .exact = rounded ? 0.5 : 1, .wide = 8, .wide_accurate = 2},
          .closely = closely,
          .eighths_from = eighths_from};
}

constexpr record relu_derivative = derivative<reference::relu_derivative>("relu'", 0, 0, 1, -1, 1);
constexpr record relu6_derivative = derivative<reference::relu6_derivative>("relu6'", 0, 0, 0, -1, 7, false, {6});
constexpr record relu_squared_derivative =
    derivative<reference::relu_squared_derivative>("relu_squared'", 0, 0, infinity, -1, 100);
constexpr record leaky_relu_derivative =
    derivative<reference::leaky_relu_derivative>("leaky_relu'", 0.01, 0.01, 1, -1, 1);
constexpr record hard_tanh_derivative =
    derivative<reference::hard_tanh_derivative>("hard_tanh'", 0, 1, 0, -2, 2, false, {-1, 1});
constexpr record hard_sigmoid_derivative =
    derivative<reference::hard_sigmoid_derivative>("hard_sigmoid'", 0, 1. / 6, 0, -4, 4, false, {-3, 3});
constexpr record hard_swish_derivative =
    derivative<reference::hard_swish_derivative>("hard_swish'", 0, 0.5, 1, -4, 4, false, {-3, -1.5, 3});
constexpr record softsign_derivative = derivative<reference::softsign_derivative>("softsign'", 0, 1, 0, -100, 100);
constexpr record sigmoid_derivative =
    derivative<reference::sigmoid_derivative>("sigmoid'", 0, 0.25, 0, -746, 746, true);
constexpr record log_sigmoid_derivative =
    derivative<reference::log_sigmoid_derivative>("log_sigmoid'", 1, 0.5, 0, -38, 746);
constexpr record softplus_derivative = derivative<reference::softplus_derivative>("softplus'", 0, 0.5, 1, -746, 38);
constexpr record tanh_derivative = derivative<reference::tanh_derivative>("tanh'", 0, 1, 0, -373, 373, true);
constexpr record silu_derivative =
    derivative<reference::silu_derivative>("silu'", -0.0, 0.5, 1, -753, 45, true, {-0x1.474973c84120bp+0}, -2.4);
constexpr record gelu_derivative =
    derivative<reference::gelu_derivative>("gelu'", -0.0, 0.5, 1, -38.7, 9, true, {-0x1.80ead197f00b4p-1}, -2);
constexpr record gelu_tanh_derivative = derivative<reference::gelu_tanh_derivative>(
    "gelu_tanh'", -0.0, 0.5, 1, -21.7, 7, true, {-0x1.81429f9e97e4dp-1}, -1.4143);
constexpr record gelu_quick_derivative =
    derivative<reference::gelu_quick_derivative>("gelu_quick'", -0.0, 0.5, 1, -442, 26, false, {-0.7511542}, -1.41);
constexpr record mish_derivative =
    derivative<reference::mish_derivative>("mish'", -0.0, 0.6, 1, -753, 38, false, {-0x1.31432c0d12d84p+0}, -2.5);
constexpr record elu_derivative = derivative<reference::elu_derivative>("elu'", 0, 1, 1, -746, 1);
constexpr record selu_derivative =
    derivative<reference::selu_derivative>("selu'", 0, 0x1.c212cc640f031p+0, 0x1.0cfabd6a91132p+0, -746, 1);
constexpr record celu_derivative = derivative<reference::celu_derivative>("celu'", 0, 1, 1, -746, 1);

constexpr record linear_derivative = derivative<reference::linear_derivative>("linear'", 1, 1, 1, -1, 1);
constexpr record threshold_derivative = derivative<reference::threshold_derivative>("threshold'", 0, 0, 1, -1, 1);
constexpr record thresholded_relu_derivative =
    derivative<reference::thresholded_relu_derivative>("thresholded_relu'", 0, 0, 1, -2, 2, false, {1});
constexpr record hard_shrink_derivative =
    derivative<reference::shrink_derivative>("hard_shrink'", 1, 0, 1, -2, 2, false, {-0.5, 0.5});
constexpr record soft_shrink_derivative =
    derivative<reference::shrink_derivative>("soft_shrink'", 1, 0, 1, -2, 2, false, {-0.5, 0.5});
constexpr record shrink_derivative =
    derivative<reference::shrink_derivative>("shrink'", 1, 0, 1, -2, 2, false, {-0.5, 0.5});
constexpr record sparse_sigmoid_derivative =
    derivative<reference::sparse_sigmoid_derivative>("sparse_sigmoid'", 0, 0.5, 0, -2, 2, false, {-1, 1});
constexpr record sparse_plus_derivative =
    derivative<reference::sparse_sigmoid>("sparse_plus'", 0, 0.5, 1, -2, 2, true, {-1, 1});
constexpr record star_relu_derivative =
    derivative<reference::star_relu_derivative>("star_relu'", 0, 0, infinity, -1, 100);
constexpr record exponential_derivative =
    derivative<reference::exponential>("exponential'", 0, 1, infinity, -746, 709.8, true);

constexpr record tanh_shrink_derivative =
    derivative<reference::tanh_shrink_derivative>("tanh_shrink'", 1, 0, 1, -25, 25);
constexpr record softcap_derivative = derivative<reference::softcap_derivative>("softcap'", 0, 1, 0, -11000, 11000);
constexpr record laplace_derivative =
    derivative<reference::laplace_derivative>("laplace'", 0, 0x1.f4a4fd0036cf4p-5, 0, -11, 12);

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr record snake_derivative = derivative<reference::snake_derivative>(
    "snake'", nan, 1, nan, -50, 50, false, {-0.7853981633974483, 2.356194490192345, 7.0685834705770345});
constexpr record snake_beta_derivative = derivative<reference::snake_beta_derivative>(
    "snake_beta'", nan, 1, nan, -50, 50, false, {-0.7853981633974483, 2.356194490192345, 7.0685834705770345});

constexpr record xielu_derivative = derivative<reference::xielu_derivative>(
    "xielu'", -0x1.3333333333334p-2, 0x1.ffffca501c8cep-2, infinity, -40, 40, false, {-0x1.f62f40794a7b8p-1});

constexpr record squareplus_derivative =
    derivative<reference::squareplus_derivative>("squareplus'", 0, 0.5, 1, -1e4, 1e4);

constexpr std::array every_derivative = {relu_derivative,
                                         relu6_derivative,
                                         relu_squared_derivative,
                                         leaky_relu_derivative,
                                         hard_tanh_derivative,
                                         hard_sigmoid_derivative,
                                         hard_swish_derivative,
                                         softsign_derivative,
                                         sigmoid_derivative,
                                         log_sigmoid_derivative,
                                         softplus_derivative,
                                         tanh_derivative,
                                         silu_derivative,
                                         gelu_derivative,
                                         gelu_tanh_derivative,
                                         gelu_quick_derivative,
                                         mish_derivative,
                                         elu_derivative,
                                         selu_derivative,
                                         celu_derivative,
                                         linear_derivative,
                                         threshold_derivative,
                                         thresholded_relu_derivative,
                                         hard_shrink_derivative,
                                         soft_shrink_derivative,
                                         shrink_derivative,
                                         sparse_sigmoid_derivative,
                                         sparse_plus_derivative,
                                         star_relu_derivative,
                                         exponential_derivative,
                                         tanh_shrink_derivative,
                                         softcap_derivative,
                                         laplace_derivative,
                                         snake_derivative,
                                         snake_beta_derivative,
                                         xielu_derivative,
                                         squareplus_derivative};

std::span<const record> all() { return every; }
std::span<const record> derivatives() { return every_derivative; }

const record &of(std::string_view name) {
  for (const record &r : every)
    if (r.name == name)
      return r;
  throw std::out_of_range("an activation of the list has no record");
}

const record &derivative_of(std::string_view name) {
  for (const record &r : every_derivative)
    if (r.name.size() == name.size() + 1 && r.name.starts_with(name))
      return r;
  throw std::out_of_range("an activation of the list has no record of its derivative");
}

} // namespace records
