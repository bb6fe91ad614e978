#include <xact/relu.hpp>

#include "activation.hpp"

#include <catch2/generators/catch_generators.hpp>

TEST_CASE("leaky_relu takes any finite slope") {
  const float slope = GENERATE(0.2f, 0.25f, 1.0f, 2.5f, 1e-30f, -0.5f);
  const auto f = xact::leaky_relu_t{.negative_slope = static_cast<double>(slope)};
  CAPTURE(slope);
  findings found;
  for (const float x : strided<float>()) {
    const float want = x > 0 ? x : x * slope;
    if (!same(f(x), want) || !same(xact::exact(f)(x), want))
      found.add(show(x));
    const double wide = static_cast<double>(x);
    if (!same(f(wide), x > 0 ? wide : wide * static_cast<double>(slope)))
      found.add("double: " + show(x));
  }
  CHECK(found.report() == "");
}
