// From another type into 16 and 8 bits: computed wide and rounded once, values that no double can tell from a tie too,
// as gelu(19), which lies below 19 by 1e-79.

#include <xact/xact.hpp>

#include "narrow_float.hpp"

#include <catch2/catch_template_test_macros.hpp>

namespace {

/// Some floats, every float16, and the middles between two numbers of the format, where all lies that is hard.
template <class Small> std::vector<float> inputs() {
  std::vector<float> xs = spread<float>(-30, 30, 20'000);
  for (const xact::float16 x : all_codes<xact::float16>())
    xs.push_back(static_cast<float>(x));
  for (const Small x : all_codes<Small>()) {
    const auto next = static_cast<typename Small::storage>(code(x) + 1);
    const auto middle =
        (static_cast<double>(static_cast<float>(x)) + static_cast<double>(static_cast<float>(Small::from_bits(next)))) /
        2;
    for (const double multiple : {1, 2, 4}) // f(x) is nearly x, x/2, x/4
      xs.push_back(static_cast<float>(multiple * middle));
  }
  return xs;
}

/// The true value, rounded once; what the reference cannot tell from a tie lies on the given side of it.
template <class Small> Small rounded_to_side(const record &r, double x, int side) {
  if (!std::isfinite(x))
    return rounded_result<Small>(r, x);
  const reference::truth t = r.truth(x);
  const auto [value, decided] = reference::nearest(t, format_of<Small>);
  if (decided)
    return Small(value);
  return Small(t.value.lo != 0 ? value : std::nextafter(t.value.hi, side * records::infinity));
}

template <class Small, class In, class F> std::string rounded_from(const F &f, const record &r, int side) {
  const std::vector<float> floats = inputs<Small>();
  const std::vector<In> xs(floats.begin(), floats.end());
  std::vector<Small> ys(xs.size());
  f(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const auto x = static_cast<double>(floats[i]);
    const Small want = rounded_to_side<Small>(r, x, side);
    if (!same_code(ys[i], want))
      found.add("f(" + show(x) + ") = " + show(static_cast<double>(static_cast<float>(ys[i]))) + ", not " +
                show(static_cast<double>(static_cast<float>(want))));
  }
  return found.report();
}

} // namespace

TEMPLATE_TEST_CASE("values beside a tie are rounded to their side", "", xact::float16, xact::bfloat16,
                   xact::float8_e4m3) {
  const auto check = [](const auto &f, const record &r, int side) {
    CAPTURE(r.name);
    CHECK(rounded_from<TestType, float>(f, r, side) == "");
  };
  // From double they are made in another way, which is the same for all functions.
  CHECK(rounded_from<TestType, double>(xact::gelu, records::of("gelu"), -1) == "");
  CHECK(rounded_from<TestType, double>(xact::relu_squared, records::of("relu_squared"), 0) == "");
  check(xact::gelu, records::of("gelu"), -1);
  check(xact::gelu_tanh, records::of("gelu_tanh"), -1);
  check(xact::silu, records::of("silu"), -1);
  check(xact::mish, records::of("mish"), -1);
  check(xact::softplus, records::of("softplus"), 1);
  check(xact::log_sigmoid, records::of("log_sigmoid"), -1);
  check(xact::relu_squared, records::of("relu_squared"), 0);
  check(xact::leaky_relu, records::of("leaky_relu"), 0);
}

TEST_CASE("float16 into bfloat16 is rounded once") {
  const std::vector<xact::float16> xs = all_codes<xact::float16>();
  std::vector<xact::bfloat16> ys(xs.size());
  xact::mish(xs, ys);
  findings found;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const auto x = static_cast<double>(static_cast<float>(xs[i]));
    if (!same_code(ys[i], rounded_to_side<xact::bfloat16>(records::of("mish"), x, -1)))
      found.add(show(x));
  }
  CHECK(found.report() == "");
}
