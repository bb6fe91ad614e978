#include "dispatch.hpp"

#include <xact/names.hpp>

#include <algorithm>
#include <stdexcept>

TEST_CASE("dispatch: element types that differ") {
  dispatched::compare<double, float>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<float, double>(xact::accurate(xact::gelu), xact::dispatch::accurate(xact::dispatch::gelu));
  dispatched::compare<xact::bfloat16, float>(xact::exact(xact::gelu), xact::dispatch::exact(xact::dispatch::gelu));
  dispatched::compare<xact::float16, xact::bfloat16>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<float, xact::float8_e5m2>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<double, xact::float16>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<xact::float8_e4m3, xact::float8_e5m2>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<xact::float16, double>(xact::gelu, xact::dispatch::gelu);
  dispatched::compare<float, xact::bfloat16>(xact::derivative(xact::gelu),
                                             xact::dispatch::derivative(xact::dispatch::gelu));
}

TEST_CASE("dispatch: parameters that are not the default ones") {
  const xact::leaky_relu_t f{.negative_slope = -1.75};
  const xact::dispatch::leaky_relu_t d{.negative_slope = -1.75};
  dispatched::compare<float, float>(f, d);
  dispatched::compare<double, double>(xact::accurate(f), xact::dispatch::accurate(d));
  dispatched::compare<xact::bfloat16, xact::bfloat16>(f, d);
  dispatched::compare<float, float>(xact::derivative(f), xact::dispatch::derivative(d));
}

template <class F> static std::string error_of(const F &call) {
  try {
    call();
  } catch (const std::invalid_argument &e) {
    return e.what();
  }
  return "";
}

TEST_CASE("dispatch: errors are those of the direct call, before anything is written") {
  std::vector<float> x(10, 1.0f);
  std::vector<double> wide(9);
  const auto equal = [&](const auto &direct, const auto &dispatch) {
    const std::vector<float> before = x;
    const std::string wanted = error_of(direct);
    CHECK(wanted != "");
    CHECK(error_of(dispatch) == wanted);
    CHECK(x == before);
  };
  equal([&] { xact::gelu(x, wide); }, [&] { xact::dispatch::gelu(x, wide); });
  const std::span<float> some(x);
  equal([&] { xact::exact(xact::gelu)(some.first(9), some.last(9)); },
        [&] { xact::dispatch::exact(xact::dispatch::gelu)(some.first(9), some.last(9)); });
  equal([&] { xact::derivative(xact::leaky_relu)(xact::rows(x, 5), xact::rows(x, 2)); },
        [&] { xact::dispatch::derivative(xact::dispatch::leaky_relu)(xact::rows(x, 5), xact::rows(x, 2)); });
  const double infinite = std::numeric_limits<double>::infinity();
  equal([&] { xact::leaky_relu_t{.negative_slope = infinite}(x, wide); },
        [&] { xact::dispatch::leaky_relu_t{.negative_slope = infinite}(x, wide); });
}

TEST_CASE("dispatch: activations by name") {
  for (const std::string_view name : xact::names()) {
    CAPTURE(name);
    CHECK(xact::dispatch::find(name));
  }
  CHECK_FALSE(xact::dispatch::find("gelu_newer"));
  CHECK_FALSE(xact::dispatch::find(""));
  std::vector<float> x = dispatched::inputs<float>(), y(x.size()), z(x.size());
  const xact::dispatch::activation f = xact::dispatch::find("LeakyReLU");
  xact::leaky_relu(x, y);
  f(x, z);
  CHECK(dispatched::first_difference(y, z) == "");
  CHECK(f(-3.0) == xact::leaky_relu(-3.0));
  xact::exact(xact::derivative(xact::gelu))(x, y);
  xact::dispatch::derivative(xact::dispatch::exact(xact::dispatch::find("gelu_erf")))(x, z);
  CHECK(dispatched::first_difference(y, z) == "");
  CHECK(error_of([&] { xact::dispatch::find("gelu_newer")(x); }).find("empty") != std::string::npos);
  // ONNX's HardSigmoid has another slope than PyTorch's.
  CHECK(xact::dispatch::find("HardSigmoid").parameters[0] == 0.2);
  CHECK(xact::dispatch::find("Hardsigmoid").parameters[0] == 1.0 / 6);
}

TEST_CASE("dispatch: ISAs") {
  const auto all = xact::dispatch::isas();
  CHECK(std::ranges::count(all, xact::dispatch::isa()) == 1);
}
