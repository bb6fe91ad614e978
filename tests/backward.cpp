#include <xact/backward.hpp>

#include "values.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/float16.hpp>
#include <xact/hard_swish.hpp>
#include <xact/hard_tanh.hpp>
#include <xact/silu.hpp>

namespace {

/// A user's own activation, x * abs(x), and one that does not know its derivative.
struct signed_square_t : xact::activation<signed_square_t> {
  template <class V> V standard(const V &x) const noexcept { return x * xsimd::abs(x); }

  struct derivative_t : xact::activation<derivative_t> {
    template <class V> V standard(const V &x) const noexcept { return xsimd::abs(x) + xsimd::abs(x); }
  };
  constexpr derivative_t derivative() const { return {}; }
};
constexpr signed_square_t signed_square;
struct opaque_t : xact::activation<opaque_t> {
  template <class V> V standard(const V &x) const noexcept { return x; }
};
constexpr opaque_t opaque;

template <class T> T multiplied_and_added(T a, T b, T c) {
  const volatile T product = a * b; // no fusing but where the library fuses
  return xact::detail::has_fma<xact::detail::native<T>> ? std::fma(a, b, c) : product + c;
}

template <class T> std::vector<T> inputs(std::size_t n) {
  std::vector<T> x = spread<T>(-6, 6, n);
  if (n > 2) {
    x[n / 2] = std::numeric_limits<T>::quiet_NaN();
    x[0] = T(-0.0);
  }
  return x;
}

template <class T> bool all_same(const std::vector<T> &a, const std::vector<T> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same<T>);
}

template <class T, class F> void check_products(const F &f) {
  const auto slope = xact::derivative(f);
  for (const std::size_t n : {0u, 1u, 3u, 16u, 31u, 64u, 131u}) {
    CAPTURE(n);
    const std::vector<T> x = inputs<T>(n);
    std::vector<T> dy = spread<T>(-3, 3, n);
    std::vector<T> want(n);
    for (std::size_t i = 0; i < n; ++i)
      want[i] = dy[i] * slope(x[i]);
    std::vector<T> dx(n, T(7));
    xact::backward(f, x, dy, dx);
    CHECK(all_same(dx, want));

    std::vector<T> sum(n);
    std::vector<T> want_sum(n);
    for (std::size_t i = 0; i < n; ++i) {
      sum[i] = static_cast<T>(i);
      want_sum[i] = multiplied_and_added(dy[i], slope(x[i]), sum[i]);
    }
    xact::backward(f, x, dy, sum, {.accumulate = true});
    CHECK(all_same(sum, want_sum));

    std::vector<T> in_x = x;
    xact::backward(f, in_x, dy, in_x);
    CHECK(all_same(in_x, want));
    xact::backward(f, x, dy, dy);
    CHECK(all_same(dy, want));
  }
}

template <class F>
constexpr bool goes_back = requires(const F &f, std::vector<float> x) { xact::backward(f, x, x, x); };
template <class F, class T>
constexpr bool goes_back_in = requires(const F &f, std::vector<T> x) { xact::backward(f, x, x, x); };

} // namespace

TEMPLATE_TEST_CASE("backward multiplies by the derivative", "", float, double) {
  check_products<TestType>(xact::hard_swish);
  check_products<TestType>(signed_square);
}

TEST_CASE("backward in a tier") {
  check_products<float>(xact::accurate(xact::silu));
  check_products<float>(xact::exact(xact::hard_swish));
  STATIC_REQUIRE(std::is_same_v<decltype(xact::derivative(xact::exact(xact::silu))),
                                decltype(xact::exact(xact::derivative(xact::silu)))>);
}

TEST_CASE("backward of mixed types is rounded once") {
  const std::vector<float> wide_x = spread<float>(-9, 9, 1000);
  const std::vector<float> wide_dy = spread<float>(-2, 2, 1000);
  const std::vector<xact::float16> x(wide_x.begin(), wide_x.end());
  const std::vector<xact::bfloat16> dy(wide_dy.begin(), wide_dy.end());
  std::vector<float> dx(1000);
  std::vector<xact::float16> narrow(1000);
  std::vector<double> wide(1000);
  xact::backward(xact::silu, x, dy, dx);
  xact::backward(xact::silu, x, dy, narrow);
  xact::backward(xact::silu, x, dy, wide);
  findings found;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto [a, b] = std::array{static_cast<float>(x[i]), static_cast<float>(dy[i])};
    const float want = b * xact::derivative(xact::silu)(a);
    if (dx[i] != want || std::bit_cast<std::uint16_t>(narrow[i]) != std::bit_cast<std::uint16_t>(xact::float16(want)) ||
        wide[i] != static_cast<double>(b) * xact::derivative(xact::silu)(static_cast<double>(a)))
      found.add(show(static_cast<double>(a)));
  }
  CHECK(found.report() == "");
}

TEST_CASE("backward refuses what does not fit, and writes nothing") {
  std::vector<float> data = spread<float>(-4, 4, 400);
  const std::vector<float> original = data;
  const std::span<float> all = data;
  const auto refuses = [&](auto x, auto dy, auto dx, const char *a, const char *b) {
    for (const bool accumulate : {false, true}) {
      try {
        xact::backward(xact::hard_tanh, x, dy, dx, {.accumulate = accumulate});
        FAIL_CHECK("accepted");
      } catch (const std::invalid_argument &error) {
        const std::string message = error.what();
        CAPTURE(message);
        CHECK(message.find(a) != message.npos);
        CHECK(message.find(b) != message.npos);
      }
      CHECK(data == original);
    }
  };
  refuses(all.first(14), all.subspan(20, 14), all.last(21), "14", "21");
  refuses(all.first(21), all.subspan(30, 14), all.last(21), "14", "21");
  refuses(all.first(40), all.subspan(100, 40), all.subspan(1, 40), "40", "40");
  refuses(all.first(40), all.subspan(100, 40), all.subspan(101, 40), "40", "40");
}

TEST_CASE("what has no derivative, or no such type, does not compile") {
  STATIC_REQUIRE(xact::differentiable<xact::silu_t>);
  STATIC_REQUIRE(xact::differentiable<xact::accurate_t<xact::silu_t>>);
  STATIC_REQUIRE(xact::differentiable<signed_square_t>);
  STATIC_REQUIRE_FALSE(xact::differentiable<opaque_t>);
  STATIC_REQUIRE_FALSE(xact::differentiable<xact::accurate_t<opaque_t>>);
  STATIC_REQUIRE_FALSE(xact::differentiable<float>);
  STATIC_REQUIRE(goes_back<xact::silu_t>);
  STATIC_REQUIRE_FALSE(goes_back<opaque_t>);
  STATIC_REQUIRE_FALSE(goes_back_in<xact::silu_t, int>);
  STATIC_REQUIRE_FALSE(goes_back_in<xact::exact_t<xact::silu_t>, double>);
  CHECK(xact::derivative(signed_square)(-3.0f) == 6);
  CHECK(opaque(1.0f) == 1);
}

TEST_CASE("a gradient through a step is 0 or passes") {
  std::vector<float> x(64, 0.5f), dx(64);
  x[3] = -1;
  x[17] = 1;
  x[40] = 3;
  xact::backward(xact::hard_tanh, x, std::vector<float>(64, 6.0f), dx);
  std::vector<float> want(64, 6.0f);
  want[3] = want[17] = want[40] = 0;
  CHECK(dx == want);
}
