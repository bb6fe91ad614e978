// requantize: int32 -> scale -> activation -> int8 or uint8, against the true value.

#include "quantization.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <span>
#include <xact/gelu.hpp>
#include <xact/relu.hpp>
#include <xact/silu.hpp>

using xact::quantization;

TEMPLATE_TEST_CASE("requantize is correctly rounded from real arithmetic", "", std::int8_t, std::uint8_t) {
  using T = TestType;
  std::vector<std::int32_t> sums(2001);
  std::iota(sums.begin(), sums.end(), -1000);
  for (const std::int32_t far : {-2147483647 - 1, 2147483647, -100'000'000, 100'000'000, 1 << 28, -(1 << 28)})
    sums.push_back(far);
  const auto check = [&](const auto &f, const record &r, float scale, quantization to) {
    CAPTURE(r.name, scale, to.scale, to.zero_point);
    std::vector<T> got(sums.size());
    xact::requantize(sums, scale, f, to, got);
    const std::vector<level> all = levels<T>(to.zero_point);
    findings found;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double x = static_cast<double>(sums[i]) * static_cast<double>(scale);
      if (static_cast<std::uint8_t>(got[i]) != true_code(r, all, x, to.scale))
        found.add(show(x) + " gives " + std::to_string(got[i]));
    }
    CHECK(found.report() == "");
  };
  const int low = std::numeric_limits<T>::min();
  const auto check_all = [&](const auto &f, const record &r) {
    check(f, r, 0.01f, {0.04f, low + 7});
    check(f, r, 0.25f, {2.0f, low + 8});
    check(f, r, 1.0f, {0.5f, low});
    check(f, r, 0x1p-140f, {0x1p-138f, low + 8}); // beyond float's normal numbers
    check(f, r, 1e30f, {1e32f, low});
  };
  if constexpr (std::is_signed_v<T>) {
    check_all(xact::relu, records::of("relu"));
    check_all(xact::leaky_relu, records::of("leaky_relu"));
    check_all(xact::gelu, records::of("gelu"));
  } else {
    check_all(xact::silu, records::of("silu"));
    check_all(xact::relu_squared, records::of("relu_squared"));
  }
}

TEST_CASE("requantize of any length gives each element the same code, and writes nothing beside") {
  std::vector<std::int32_t> sums(131);
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] = static_cast<std::int32_t>(i * 37 % 901) - 450;
  const auto run = [&](std::size_t from, std::size_t n) {
    std::vector<std::int8_t> out(n + 2, 99);
    xact::requantize(std::span(sums).subspan(from, n), 0.02f, xact::gelu, {.scale = 0.05f},
                     std::span(out).subspan(1, n));
    CHECK(out.front() == 99);
    CHECK(out.back() == 99);
    return std::vector<std::int8_t>(out.begin() + 1, out.end() - 1);
  };
  const std::vector<std::int8_t> all = run(0, sums.size());
  for (std::size_t n = 0; n < 70; ++n)
    CHECK(std::ranges::equal(run(n % 31, n), std::span(all).subspan(n % 31, n)));
}
