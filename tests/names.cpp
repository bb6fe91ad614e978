#include <xact/names.hpp>

#include "values.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <xact/backward.hpp>
#include <xact/xact.hpp>

namespace {

/// The activation of that name is an F that gives what f does.
template <class F> bool means(std::string_view name, const F &f) {
  bool alike = false;
  const bool known = xact::for_name(name, [&](const auto &g) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(g)>, F>)
      alike = same(g(-0.75f), f(-0.75f)) && same(g(1.75), f(1.75));
  });
  return known && alike;
}

} // namespace

TEST_CASE("names: the same function under everyone's name for it") {
  for (const char *name : {"gelu_tanh", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh"})
    CHECK(means(name, xact::gelu_tanh));
  for (const char *name : {"silu", "SiLU", "swish", "Swish", "SILU"})
    CHECK(means(name, xact::silu));
  CHECK(means("quick_gelu", xact::gelu_quick));
  CHECK(means("relu2", xact::relu_squared));
  CHECK(means("Tanhshrink", xact::tanh_shrink));
  CHECK(means("Hardsigmoid", xact::hard_sigmoid));
  CHECK(means("HardSigmoid", xact::hard_sigmoid_t{.alpha = 0.2}));
}

TEST_CASE("names: each is known, once; others are not") {
  std::set<std::string_view> seen;
  for (const std::string_view name : xact::names()) {
    CAPTURE(name);
    int visits = 0;
    CHECK(xact::for_name(name, [&](const auto &) { ++visits; }));
    CHECK(visits == 1);
    CHECK(seen.insert(name).second);
  }
  for (const char *name : {"", "Gelu_new", "softmax", "relu "})
    CHECK_FALSE(xact::for_name(name, [](const auto &) { FAIL(); }));
  static_assert(xact::for_name("Identity", [](const auto &) {}) && !xact::for_name("idenity", [](const auto &) {}));
}

TEST_CASE("names: PyTorch's spellings are the same types") {
  static_assert(std::is_same_v<decltype(xact::hardswish), decltype(xact::hard_swish)>);
  static_assert(std::is_same_v<xact::logsigmoid_t, xact::log_sigmoid_t>);
  CHECK(xact::softshrink(2.0f) == 1.5f);
}

TEST_CASE("parameters that mean nothing are refused by range calls, before anything is written") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::array<float, 20> x{};
  const auto refused = [&](const auto &f, const std::string &name, const std::string &value) {
    CAPTURE(name, value);
    const auto throws = [&](const auto &call) {
      x.fill(0.25f);
      try {
        call();
        FAIL("accepted");
      } catch (const std::invalid_argument &error) {
        CHECK(std::string(error.what()).find(name) != std::string::npos);
        CHECK(std::string(error.what()).find(value) != std::string::npos);
      }
      CHECK(std::all_of(x.begin(), x.end(), [](float y) { return y == 0.25f; }));
    };
    throws([&] { f(x); });
    throws([&] { xact::accurate(f)(x); });
    throws([&] { xact::exact(f)(x); });
    throws([&] { xact::derivative(f)(x); });
    throws([&] { xact::backward(f, x, x, x); });
  };
  refused(xact::hard_shrink_t{-1}, "hard_shrink: lambda", "-1");
  refused(xact::soft_shrink_t{nan}, "soft_shrink: lambda", "nan");
  refused(xact::shrink_t{.lambd = -0.5, .bias = 0}, "shrink: lambd", "-0.5");
  refused(xact::threshold_t{.threshold = nan, .value = 0}, "threshold: threshold", "nan");
  refused(xact::thresholded_relu_t{nan}, "thresholded_relu: alpha", "nan");
  refused(xact::star_relu_t{.scale = nan, .bias = 0}, "star_relu: scale", "nan");
  refused(xact::leaky_relu_t{nan}, "leaky_relu: negative_slope", "nan");
  refused(xact::hard_tanh_t{.min_val = 2, .max_val = 1}, "hard_tanh: min_val", "2");
  refused(xact::hard_sigmoid_t{.alpha = nan, .beta = 0}, "hard_sigmoid: alpha", "nan");
  refused(xact::softplus_t{0}, "softplus: beta", "0");
  refused(xact::elu_t{nan}, "elu: alpha", "nan");
  refused(xact::celu_t{0}, "celu: alpha", "0");
  CHECK_THROWS_AS((xact::shrink_t{.lambd = 1, .bias = nan}(x)), std::invalid_argument); // f' has no bias
  refused(xact::soft_shrink_t{-2}, "soft_shrink: lambda", "-2");
  refused(xact::hard_shrink_t{nan}, "hard_shrink: lambda", "nan");
  refused(xact::threshold_t{.threshold = 0, .value = nan}, "threshold: value", "nan");
  refused(xact::star_relu_t{.scale = 1, .bias = nan}, "star_relu: bias", "nan");
  refused(xact::hard_tanh_t{.min_val = nan, .max_val = 1}, "hard_tanh: min_val", "nan");
  refused(xact::hard_sigmoid_t{.alpha = 1, .beta = nan}, "hard_sigmoid: beta", "nan");
  refused(xact::softplus_t{nan}, "softplus: beta", "nan");
  refused(xact::celu_t{-1}, "celu: alpha", "-1");
  refused(xact::elu_t{INFINITY}, "elu: alpha", "inf");
  // These are long to compile, and their calls are the same base's: what they would refuse is enough.
  const auto refuses = [](const auto &f, std::string_view format, double value) {
    for (const auto &r : {f.refusal(), xact::derivative(f).refusal()})
      CHECK((r.format == format && same(r.value, value)));
    CHECK_FALSE(std::remove_cvref_t<decltype(f)>{}.refusal().format);
  };
  for (const double beta : {0.0, nan}) {
    refuses(xact::snake_t{beta}, "xact::snake: alpha is %g", beta);
    refuses(xact::snake_beta_t{.alpha = 1, .beta = beta}, "xact::snake_beta: beta is %g", beta);
  }
  refuses(xact::snake_beta_t{.alpha = nan, .beta = 1}, "xact::snake_beta: alpha is %g", nan);
  for (const double size : {0.0, -1.0, nan, double(INFINITY)}) {
    refuses(xact::softcap_t{size}, "xact::softcap: cap is %g", size);
    refuses(xact::squareplus_t{size}, "xact::squareplus: b is %g", size);
    refuses(xact::laplace_t{.mu = 0, .sigma = size}, "xact::laplace: sigma is %g", size);
  }
  refuses(xact::laplace_t{.mu = nan, .sigma = 1}, "xact::laplace: mu is %g", nan);
  refuses(xact::xielu_t{.alpha_p = nan}, "xact::xielu: alpha_p is %g", nan);
  refuses(xact::xielu_t{.alpha_n = nan}, "xact::xielu: alpha_n is %g", nan);
  refuses(xact::xielu_t{.beta = nan}, "xact::xielu: beta is %g", nan);
  refuses(xact::xielu_t{.eps = 0.5}, "xact::xielu: eps is %g", 0.5);
  refuses(xact::xielu_t{.eps = nan}, "xact::xielu: eps is %g", nan);
  CHECK(xact::hard_shrink_t{-1}(0.5f) == 0.5f); // a value's call does not throw
}
