// The operators that ONNX defines and xact has, on the inputs of ONNX's node tests, with the attributes they give.
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

/// Where f(x) is off the definition by more than `limit` ULP.
template <class F, class Definition>
std::string beyond(double limit, const floats &xs, const F &f, const Definition &definition) {
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

/// On ONNX's two usual inputs; one of its functions has a `reference` of the same parameters.
template <class F, class Definition> void check(const F &f, const Definition &definition, double limit = 4) {
  const auto define_it = [&](const big &x) { return define(definition, x); };
  for (const floats &xs : {example, random_60}) {
    CHECK(beyond(limit, xs, f, define_it) == "");
    CHECK(beyond(std::min(limit, 1.0), xs, xact::accurate(f), define_it) == "");
  }
}

/// Where the results are not the decimals that ONNX's source shows.
template <class F> std::string not_as_shown(const F &f, const floats &xs, const std::vector<double> &shown) {
  floats ys(xs.size());
  f(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!(std::abs(static_cast<double>(ys[i]) - shown[i]) <= 5e-7 * std::max(1.0, std::abs(shown[i]))))
      found.add(show(static_cast<double>(ys[i])) + " for " + std::to_string(shown[i]));
  }
  return found.report();
}

/// x of shape 3, 4, 5 with `axis` last, as rows.
floats with_axis_last(const floats &x, std::size_t axis) {
  constexpr std::size_t shape[] = {3, 4, 5};
  constexpr std::size_t strides[] = {20, 5, 1};
  const std::size_t a = axis == 0 ? 1 : 0;
  const std::size_t b = axis == 2 ? 1 : 2;
  floats result;
  for (std::size_t i = 0; i < shape[a]; ++i) {
    for (std::size_t j = 0; j < shape[b]; ++j) {
      for (std::size_t k = 0; k < shape[axis]; ++k)
        result.push_back(x[i * strides[a] + j * strides[b] + k * strides[axis]]);
    }
  }
  return result;
}

/// Rows whose softmax or log_softmax is off the true one by more than 4 ULP.
std::string rows_beyond(const floats &x, std::size_t columns) {
  floats y(x.size());
  floats z(x.size());
  xact::softmax(xact::rows(x, columns), xact::rows(y, columns));
  xact::log_softmax(xact::rows(x, columns), xact::rows(z, columns));
  findings found;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const reference::row_truth row(std::span<const float>(x).subspan(i / columns * columns, columns));
    const auto at = static_cast<double>(x[i]);
    if (!(std::abs(reference::ulps(y[i], row.softmax(at))) <= 4))
      found.add("softmax at " + show(at));
    if (!(std::abs(reference::ulps(z[i], row.log_softmax(at))) <= 4))
      found.add("log_softmax at " + show(at));
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
  CHECK(not_as_shown(xact::sigmoid, example, {0.26894143, 0.5, 0.7310586}) == "");
  check(xact::tanh, reference::tanh());
  CHECK(not_as_shown(xact::tanh, example, {-0.76159418, 0, 0.76159418}) == "");
}

TEST_CASE("ONNX Gelu, both approximations; Swish; HardSwish; Mish") {
  check(xact::gelu, reference::gelu());
  CHECK(not_as_shown(xact::gelu, example, {-0.15865526, 0, 0.84134474}) == "");
  CHECK(not_as_shown(xact::gelu, three_to_five, {2.99595031, 3.99987331, 4.99999857}) == "");
  check(xact::gelu_tanh, reference::gelu_tanh());
  CHECK(not_as_shown(xact::gelu_tanh, example, {-0.158808, 0, 0.841192}) == "");
  CHECK(not_as_shown(xact::gelu_tanh, three_to_five, {2.9963627, 3.99993, 4.9999995}) == "");
  CHECK(beyond(4, three_to_five, xact::swish, [](const big &x) { return define(reference::silu(), x); }) == "");
  check(xact::hard_swish, reference::hard_swish());
  floats grid(10000); // numpy.linspace(-10, 10, 10000)
  for (std::size_t i = 0; i < grid.size(); ++i)
    grid[i] = i + 1 == grid.size() ? 10 : static_cast<float>(-10 + static_cast<double>(i) * (20.0 / 9999));
  CHECK(beyond(4, grid, xact::mish, [](const big &x) { return define(reference::mish(), x); }) == "");
}

TEST_CASE("ONNX HardSigmoid") {
  check(xact::hard_sigmoid_t{.alpha = 0.5f, .beta = 0.6f}, reference::hard_sigmoid{0.5f, 1, 0.6f});
  CHECK(not_as_shown(xact::hard_sigmoid_t{.alpha = 0.5f, .beta = 0.6f}, example, {0.1, 0.6, 1}) == "");
  check(xact::hard_sigmoid_t{.alpha = 0.2f}, reference::hard_sigmoid{0.2f, 1, 0.5}); // ONNX's default
}

TEST_CASE("ONNX Softplus, Softsign") {
  check(xact::softplus, reference::softplus());
  CHECK(not_as_shown(xact::softplus, example, {0.31326166, 0.69314718, 1.31326163}) == "");
  check(xact::softsign, reference::softsign());
  CHECK(not_as_shown(xact::softsign, example, {-0.5, 0, 0.5}) == "");
}

TEST_CASE("ONNX Elu, Selu, Celu") {
  check(xact::elu_t{.alpha = 2}, reference::elu{2});
  CHECK(not_as_shown(xact::elu_t{.alpha = 2}, example, {-1.2642411, 0, 1}) == "");
  check(xact::elu, reference::elu());
  // ONNX's own alpha and gamma are an elu times gamma: one more rounding. Its defaults are those of Klambauer et al.
  // rounded to float, a third of an ULP from the numbers that xact::selu means.
  const auto selu = [](const floats &x, floats &y) {
    xact::transform([](auto v) { return xact::elu_t{.alpha = 2}(v) * decltype(v)(3.0f); }, x, y);
  };
  const auto scaled = [](const auto &alpha, const auto &gamma) {
    return [=](const big &x) { return gamma * (x < 0 ? alpha * expm1(x) : x); };
  };
  for (const floats &xs : {example, random_60}) {
    CHECK(beyond(5, xs, selu, scaled(big(2), big(3))) == "");
    CHECK(beyond(4, xs, xact::selu, [](const big &x) { return define(reference::selu(), x); }) == "");
    CHECK(beyond(5, xs, xact::selu, scaled(big(1.67326319217681884765625), big(1.05070102214813232421875))) == "");
  }
  CHECK(not_as_shown(selu, example, {-3.79272318, 0, 3}) == "");
  const floats x = {0.8439683f,  0.5665144f, 0.05836735f, 0.02916367f, 0.12964272f, 0.5060197f, 0.79538304f,
                    0.9411346f,  0.9546573f, 0.17730942f, 0.46192095f, 0.26480448f, 0.6746842f, 0.01665257f,
                    0.62473077f, 0.9240844f, 0.9722341f,  0.11965699f, 0.41356155f, 0.9129373f, 0.59330076f,
                    0.81929934f, 0.7862604f, 0.11799799f, 0.69248444f, 0.54119414f, 0.07513223f};
  const auto celu = [](const big &v) { return define(reference::celu{2}, v); };
  CHECK(beyond(4, x, xact::celu_t{.alpha = 2}, celu) == "");
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
  CHECK(rows_beyond(example, 3) == "");
  CHECK(not_as_shown(xact::softmax, example, {0.09003058, 0.24472848, 0.66524094}) == "");
  CHECK(not_as_shown(xact::log_softmax, example, {-2.4076061, -1.407606, -0.407606}) == "");
  const floats large = {0, 1, 2, 3, 10000, 10001, 10002, 10003};
  CHECK(rows_beyond(large, 4) == "");
  CHECK(not_as_shown(xact::softmax, large_row, {0.032058604, 0.08714432, 0.23688284, 0.6439143}) == "");
  floats x = random_60;
  for (float &element : x)
    element = std::abs(element);
  for (const std::size_t axis : {0u, 1u, 2u}) {
    CAPTURE(axis);
    CHECK(rows_beyond(with_axis_last(x, axis), std::array{3u, 4u, 5u}[axis]) == "");
  }
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
