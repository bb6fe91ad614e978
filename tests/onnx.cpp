// The operators that ONNX defines and xact has, by every attribute: on the inputs of ONNX's node tests, with the
// attributes they give, and on a grid and about the operators' bounds.
//
// Source of the inputs: onnx/backend/test/case/node/*.py of github.com/onnx/onnx at f7546912 (2026-08-22). Each
// exported test draws from numpy's generator seeded with 0 (onnx/backend/test/case/base.py); `randn` below is that
// generator. The expected values are those of the operators' definitions, by MPFR or double-double; where the source
// writes down decimals, those too. Attributes are floats, as in ONNX's format.

#include "records.hpp"
#include "reference/mpfr.hpp"
#include "reference/softmax.hpp"
#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <span>
#include <xact/glu.hpp>
#include <xact/xact.hpp>

using reference::big;

namespace {

using floats = std::vector<float>;

/// numpy.random.RandomState(0): MT19937, 53-bit uniform numbers, the normal ones by Marsaglia's polar method, the
/// second of each pair first.
class randn {
public:
  floats operator()(std::size_t count) {
    floats result(count);
    for (float &x : result)
      x = static_cast<float>(next());
    return result;
  }

private:
  double next() {
    if (kept) {
      kept = false;
      return second;
    }
    double x = 0;
    double y = 0;
    double square = 0;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * std::log(square) / square);
    kept = true;
    second = factor * x;
    return factor * y;
  }
  double uniform() {
    const double high = static_cast<double>(bits() >> 5);
    return (high * 0x1p26 + static_cast<double>(bits() >> 6)) * 0x1p-53;
  }

  std::mt19937 bits{0};
  bool kept = false;
  double second = 0;
};

const floats example = {-1, 0, 1};
const floats three_to_five = {3, 4, 5};
const floats large_row = {10000, 10001, 10002, 10003};
const floats random_60 = randn()(60); // of shape 3, 4, 5
const floats grid = [] {              // from -10 to 10: all kinks and both tails
  floats result(1000);
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = i + 1 == result.size() ? 10 : static_cast<float>(-10 + static_cast<double>(i) * (20.0 / 999));
  return result;
}();

/// One type for all operators and one for all definitions: a check of both is compiled once.
using operation = std::function<void(std::span<const float>, std::span<float>)>;
using function = std::function<big(const big &)>;
template <class F> operation operation_of(const F &f) {
  return [f](std::span<const float> x, std::span<float> y) { f(x, y); };
}

/// Where f(x) is off the definition by more than `limit` ULP.
std::string beyond(double limit, const floats &xs, const operation &f, const function &definition) {
  floats ys(xs.size());
  f(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const double off = std::abs(reference::ulps(ys[i], definition(big(static_cast<double>(xs[i])))));
    if (!(off <= limit))
      found.add("f(" + show(static_cast<double>(xs[i])) + ") is off by " + std::to_string(off) + " ULP", off);
  }
  return found.report();
}

/// The default tier within 4 ULP and the accurate one within 1, on ONNX's two usual inputs, on the grid, and on `more`.
void check_both(const operation &standard, const operation &accurate, const function &definition, const floats &more) {
  for (const floats &xs : {example, random_60, grid, more}) {
    CHECK(beyond(4, xs, standard, definition) == "");
    CHECK(beyond(1, xs, accurate, definition) == "");
  }
}
/// Of a function that has a `reference` of the same parameters.
template <class F, class Definition>
void check(const F &f, const Definition &definition, const floats &more = three_to_five) {
  check_both(
      operation_of(f), operation_of(xact::accurate(f)), [=](const big &x) { return define(definition, x); }, more);
}

/// Where the results are not the decimals that ONNX's source shows.
std::string not_as_shown(const operation &f, const floats &xs, const std::vector<double> &shown) {
  floats ys(xs.size());
  f(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!(std::abs(static_cast<double>(ys[i]) - shown[i]) <= 5e-7 * std::max(1.0, std::abs(shown[i]))))
      found.add(show(static_cast<double>(ys[i])) + " for " + std::to_string(shown[i]));
  }
  return found.report();
}

/// The places of the elements of x's lines along an axis: line after line.
std::vector<std::vector<std::size_t>> lines(const std::array<std::size_t, 3> &shape, std::size_t axis) {
  const std::array strides = {shape[1] * shape[2], shape[2], std::size_t{1}};
  std::vector<std::vector<std::size_t>> result;
  for (std::size_t i = 0; i < shape[0] * shape[1] * shape[2]; ++i) {
    if (i / strides[axis] % shape[axis] != 0)
      continue;
    std::vector<std::size_t> &line = result.emplace_back();
    for (std::size_t k = 0; k < shape[axis]; ++k)
      line.push_back(i + k * strides[axis]);
  }
  return result;
}

/// f along an axis of x: by rows along the last, by columns along any.
template <class F>
floats along(const F &f, const floats &x, const std::array<std::size_t, 3> &shape, std::size_t axis) {
  floats y(x.size());
  if (axis == 2) {
    f(xact::rows(x, shape[2]), xact::rows(y, shape[2]));
  } else {
    const std::size_t width = axis == 0 ? shape[1] * shape[2] : shape[2];
    f(xact::columns(x, width, shape[axis]), xact::columns(y, width, shape[axis]));
  }
  return y;
}

/// Where softmax or log_softmax along an axis is off the true one by more than 4 ULP.
std::string softmax_beyond(const floats &x, const std::array<std::size_t, 3> &shape, std::size_t axis) {
  const floats y = along(xact::softmax, x, shape, axis);
  const floats z = along(xact::log_softmax, x, shape, axis);
  findings found;
  for (const std::vector<std::size_t> &line : lines(shape, axis)) {
    floats elements;
    for (const std::size_t i : line)
      elements.push_back(x[i]);
    const reference::row_truth truth{std::span<const float>(elements)};
    for (const std::size_t i : line) {
      const auto at = static_cast<double>(x[i]);
      if (!(std::abs(reference::ulps(y[i], truth.softmax(at))) <= 4))
        found.add("softmax at " + show(at));
      if (!(std::abs(reference::ulps(z[i], truth.log_softmax(at))) <= 4))
        found.add("log_softmax at " + show(at));
    }
  }
  return found.report();
}

} // namespace

TEST_CASE("numpy's generator gives the numbers that it is known for") {
  const floats known = {1.7640524f, 0.4001572f, 0.978738f, 2.2408931f, 1.867558f, -0.9772779f};
  CHECK(std::equal(known.begin(), known.end(), random_60.begin()));
}

TEST_CASE("ONNX Relu, LeakyRelu") {
  check(xact::relu, reference::relu());
  check(xact::leaky_relu_t{.negative_slope = 0.1f}, reference::leaky_relu{0.1f});
  check(xact::leaky_relu_t{.negative_slope = 0.01f}, reference::leaky_relu{0.01f}); // ONNX's default
}

TEST_CASE("ONNX PRelu: a slope for each element, or one per last axis") {
  randn numbers;
  const floats x = numbers(60);
  for (const std::size_t slopes : {60u, 5u}) {
    const floats slope = slopes == 60 ? numbers(60) : [] {
      randn fresh;
      fresh(60);
      return fresh(5);
    }();
    floats y(60);
    xact::prelu(x, slope, y);
    for (std::size_t i = 0; i < 60; ++i) {
      CHECK(y[i] == (x[i] < 0 ? x[i] * slope[i % slopes] : x[i]));
    }
  }
}

TEST_CASE("ONNX Sigmoid, Tanh") {
  check(xact::sigmoid, reference::sigmoid());
  CHECK(not_as_shown(operation_of(xact::sigmoid), example, {0.26894143, 0.5, 0.7310586}) == "");
  check(xact::tanh, reference::tanh());
  CHECK(not_as_shown(operation_of(xact::tanh), example, {-0.76159418, 0, 0.76159418}) == "");
}

TEST_CASE("ONNX Gelu, both approximations; HardSwish; Mish") {
  check(xact::gelu, reference::gelu());
  CHECK(not_as_shown(operation_of(xact::gelu), example, {-0.15865526, 0, 0.84134474}) == "");
  CHECK(not_as_shown(operation_of(xact::gelu), three_to_five, {2.99595031, 3.99987331, 4.99999857}) == "");
  check(xact::gelu_tanh, reference::gelu_tanh());
  CHECK(not_as_shown(operation_of(xact::gelu_tanh), example, {-0.158808, 0, 0.841192}) == "");
  CHECK(not_as_shown(operation_of(xact::gelu_tanh), three_to_five, {2.9963627, 3.99993, 4.9999995}) == "");
  check(xact::hard_swish, reference::hard_swish(), {-3, 3});
  check(xact::mish, reference::mish());
}

TEST_CASE("ONNX Swish, by its alpha") {
  check(xact::swish, reference::silu()); // ONNX's default, 1
  const auto of_alpha_2 = [](std::span<const float> x, std::span<float> y) {
    xact::transform([](auto v) { return xact::swish(v * decltype(v)(2.0f)) * decltype(v)(0.5f); }, x, y);
  };
  for (const floats &xs : {three_to_five, grid})
    CHECK(beyond(4, xs, of_alpha_2, [](const big &x) { return x / (1 + exp(-2 * x)); }) == "");
}

TEST_CASE("ONNX HardSigmoid") {
  check(xact::hard_sigmoid_t{.alpha = 0.5f, .beta = 0.6f}, reference::hard_sigmoid{0.5f, 1, 0.6f});
  CHECK(not_as_shown(operation_of(xact::hard_sigmoid_t{.alpha = 0.5f, .beta = 0.6f}), example, {0.1, 0.6, 1}) == "");
  check(xact::hard_sigmoid_t{.alpha = 0.2f}, reference::hard_sigmoid{0.2f, 1, 0.5}); // ONNX's default
}

TEST_CASE("ONNX ThresholdedRelu, Shrink: at and about their bounds") {
  const floats bounds = {-2, -1.5f, -1, -0.5f, -0.0f, 0.5f, 1, 1.2f, 1.5f, 2, 2.2f};
  check(xact::thresholded_relu, reference::thresholded_relu(), bounds); // ONNX's default, 1
  check(xact::thresholded_relu_t{.alpha = 2}, reference::thresholded_relu{2}, bounds);
  check(xact::shrink, reference::shrink(), bounds); // ONNX's defaults, 0.5 and 0
  check(xact::shrink_t{.lambd = 1.5, .bias = 0}, reference::shrink{1.5, 0}, bounds);
  check(xact::shrink_t{.lambd = 1.5, .bias = 1.5}, reference::shrink{1.5, 1.5}, bounds);
  check(xact::shrink_t{.lambd = 0.7f, .bias = -0.3f}, reference::shrink{0.7f, -0.3f}, bounds);
}

TEST_CASE("ONNX Softplus, Softsign") {
  check(xact::softplus, reference::softplus());
  CHECK(not_as_shown(operation_of(xact::softplus), example, {0.31326166, 0.69314718, 1.31326163}) == "");
  check(xact::softsign, reference::softsign());
  CHECK(not_as_shown(operation_of(xact::softsign), example, {-0.5, 0, 0.5}) == "");
}

TEST_CASE("ONNX Elu, Celu") {
  check(xact::elu_t{.alpha = 2}, reference::elu{2});
  CHECK(not_as_shown(operation_of(xact::elu_t{.alpha = 2}), example, {-1.2642411, 0, 1}) == "");
  check(xact::elu, reference::elu());
  check(xact::celu_t{.alpha = 2}, reference::celu{2});
  check(xact::celu, reference::celu());
}

TEST_CASE("ONNX Selu, by its alpha and gamma") {
  check(xact::selu, reference::selu());
  const auto scaled = [](const big &alpha, const big &gamma) -> function {
    return [=](const big &x) { return gamma * (x < 0 ? alpha * expm1(x) : x); };
  };
  // ONNX's defaults are those of Klambauer et al. rounded to float, a third of an ULP from the numbers that xact::selu
  // means. Others are an elu times gamma, whose error may be half as much again in ULP, and one more rounding.
  const auto selu = [](std::span<const float> x, std::span<float> y) {
    xact::transform([](auto v) { return xact::elu_t{.alpha = 2}(v) * decltype(v)(3.0f); }, x, y);
  };
  const auto accurate_selu = [](std::span<const float> x, std::span<float> y) {
    xact::accurate(xact::elu_t{.alpha = 2})(x, y);
    for (float &v : y)
      v *= 3;
  };
  for (const floats &xs : {example, random_60, grid}) {
    CHECK(beyond(5, xs, operation_of(xact::selu), scaled(1.67326319217681884765625, 1.05070102214813232421875)) == "");
    CHECK(beyond(5, xs, selu, scaled(2, 3)) == "");
    CHECK(beyond(2, xs, accurate_selu, scaled(2, 3)) == "");
  }
  CHECK(not_as_shown(selu, example, {-3.79272318, 0, 3}) == "");
}

TEST_CASE("ONNX Celu of 16 bits: correctly rounded") {
  const auto check_type = []<class Small>(Small) {
    for (const float x : {-3.0f, -0.5f, 0.0f, 0.5f, 3.0f}) {
      const auto y = static_cast<float>(xact::celu_t{.alpha = 2}(Small(x)));
      CHECK(y ==
            static_cast<float>(Small(static_cast<double>(define(reference::celu{2}, big(static_cast<double>(x)))))));
    }
  };
  check_type(xact::float16());
  check_type(xact::bfloat16());
}

TEST_CASE("ONNX Softmax, LogSoftmax: along each axis, and of large numbers") {
  CHECK(softmax_beyond(example, {1, 1, 3}, 2) == "");
  CHECK(not_as_shown(operation_of(xact::softmax), example, {0.09003058, 0.24472848, 0.66524094}) == "");
  CHECK(not_as_shown(operation_of(xact::log_softmax), example, {-2.4076061, -1.407606, -0.407606}) == "");
  const floats large = {0, 1, 2, 3, 10000, 10001, 10002, 10003};
  for (const std::size_t axis : {0u, 1u, 2u}) {
    CAPTURE(axis);
    CHECK(softmax_beyond(random_60, {3, 4, 5}, axis) == "");
    CHECK(softmax_beyond(grid, {20, 10, 5}, axis) == "");
    CHECK(softmax_beyond(large, {2, 2, 2}, axis) == "");
  }
  CHECK(softmax_beyond(large, {1, 2, 4}, 2) == "");
  CHECK(not_as_shown(operation_of(xact::softmax), large_row, {0.032058604, 0.08714432, 0.23688284, 0.6439143}) == "");
}

TEST_CASE("ONNX SwiGLU") {
  const floats a = {1.0f, -2.0f, 3.0f, 4.0f, -1.0f, 2.0f, -3.0f, 0.5f};
  const floats b = {0.5f, 1.0f, -1.0f, 2.0f, 2.0f, -1.0f, 0.5f, 1.0f};
  const auto definition = [&](std::size_t i, double alpha) {
    const big x = static_cast<double>(a[i]);
    return x / (1 + exp(-alpha * x)) * static_cast<double>(b[i]);
  };
  floats y(8);
  xact::swiglu(a, b, y);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(std::abs(reference::ulps(y[i], definition(i, 1))) <= 1.5);
  xact::swiglu(a, b, y, {.alpha = 0.5});
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(std::abs(reference::ulps(y[i], definition(i, 0.5))) <= 2.5);
  std::vector<xact::float16> small(8);
  xact::swiglu(std::vector<xact::float16>(a.begin(), a.end()), std::vector<xact::float16>(b.begin(), b.end()), small);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(small[i].bits == xact::float16(static_cast<double>(definition(i, 1))).bits);
}
