// What every activation gets from its base: call forms for each kind of range, and what does not compile.

#include <xact/activation.hpp>

#include "checks/call_forms.hpp"
#include "values.hpp"

#include <algorithm>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <xact/xact.hpp>

namespace {

/// A user's own activation: x * abs(x).
struct signed_square_t : xact::activation<signed_square_t> {
  template <class V> V standard(const V &x) const noexcept { return x * xsimd::abs(x); }
};
constexpr signed_square_t signed_square;

template <class F, class... Args> constexpr bool compiles = requires(const F &f, Args &...args) { f(args...); };

template <class F>
constexpr bool adapts = requires(const F &f) {
  xact::exact(f);
  xact::accurate(f);
};

} // namespace

TEMPLATE_TEST_CASE("any contiguous range", "", float, double) {
  using T = TestType;
  const T in[] = {-3, -0.25, 0, 0.5, 7};
  const std::array<T, 5> want = {-9, -0.0625, 0, 0.25, 49};
  const std::vector<T> vector_in(std::begin(in), std::end(in));
  const std::array<T, 5> array_in = {-3, -0.25, 0, 0.5, 7};
  std::vector<T> vector(5);
  std::array<T, 5> array;
  T c_array[5];
  const auto right = [&](const auto &range) { return std::equal(std::begin(range), std::end(range), want.begin()); };

  signed_square(in, vector);
  CHECK(right(vector));
  signed_square(vector_in, array);
  CHECK(right(array));
  signed_square(array_in, c_array);
  CHECK(right(c_array));
  vector.assign(5, 0);
  signed_square(std::span<const T, 5>(in), std::span<T>(vector)); // both temporary
  CHECK(right(vector));
  vector = vector_in;
  signed_square(vector);
  CHECK(right(vector));
  array = array_in;
  signed_square(array);
  CHECK(right(array));
  array = array_in;
  signed_square(array, array);
  CHECK(right(array));
  std::copy(std::begin(in), std::end(in), c_array);
  signed_square(c_array);
  CHECK(right(c_array));
  signed_square(std::span<T>(c_array, 1));
  CHECK(c_array[0] == -81);
}

TEST_CASE("empty ranges") {
  std::vector<float> empty;
  float one = 3;
  CHECK_NOTHROW(signed_square(empty));
  CHECK_NOTHROW(signed_square(empty, empty));
  CHECK_NOTHROW(signed_square(std::span<const float>(), std::span<float>()));
  CHECK_NOTHROW(signed_square(std::span<const float>(&one, 0), std::span<float>(&one, 0)));
  CHECK(one == 3);
}

TEST_CASE("float in and double out, and the reverse: computed in double, rounded once") {
  const std::vector<float> singles = spread<float>(-20, 20, 77);
  const std::vector<double> doubles = spread<double>(-20, 20, 77);
  std::vector<double> widened(77);
  std::vector<float> narrowed(77);
  signed_square(singles, widened);
  signed_square(doubles, narrowed);
  for (std::size_t i = 0; i < 77; ++i) {
    CHECK(widened[i] == signed_square(static_cast<double>(singles[i])));
    CHECK(narrowed[i] == static_cast<float>(signed_square(doubles[i])));
  }
  std::array<double, 8> storage{}; // one array seen as two types is no place to work in
  const std::span<float> half(reinterpret_cast<float *>(storage.data()), 8);
  CHECK_THROWS_AS(signed_square(storage, half), std::invalid_argument);
}

TEMPLATE_TEST_CASE("an activation of one's own", "", float, double) {
  const subject<TestType> f(signed_square);
  CHECK(positions(f) == "");
  CHECK(batches(f) == "");
  CHECK(preconditions(f) == "");
}

TEST_CASE("what makes no sense does not compile") {
  using gelu = xact::gelu_t;
  using exact_gelu = decltype(xact::exact(xact::gelu));
  STATIC_REQUIRE(compiles<gelu, float>);
  STATIC_REQUIRE(compiles<gelu, const float>);
  STATIC_REQUIRE(compiles<gelu, const double>);
  STATIC_REQUIRE(compiles<gelu, const xsimd::batch<float>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, int>);
  STATIC_REQUIRE_FALSE(compiles<gelu, long double>);
  STATIC_REQUIRE_FALSE(compiles<gelu, bool>);
  STATIC_REQUIRE_FALSE(compiles<gelu>);
  STATIC_REQUIRE_FALSE(compiles<gelu, float, float>);
  STATIC_REQUIRE_FALSE(compiles<gelu, xsimd::batch<std::int32_t>>);
  STATIC_REQUIRE(compiles<gelu, std::vector<float>>);
  STATIC_REQUIRE(compiles<gelu, const std::vector<float>, std::vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, const std::vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, std::vector<float>, const std::vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, std::vector<float>, std::span<const float>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, std::vector<int>, std::vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, std::vector<int>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, std::vector<float>, std::vector<int>>);
  STATIC_REQUIRE_FALSE(compiles<gelu, std::vector<float>, float>);
  STATIC_REQUIRE(compiles<exact_gelu, float>);
  STATIC_REQUIRE(compiles<exact_gelu, std::vector<float>, std::vector<float>>);
  STATIC_REQUIRE_FALSE(compiles<exact_gelu, double>);
  STATIC_REQUIRE_FALSE(compiles<exact_gelu, xsimd::batch<double>>);
  STATIC_REQUIRE_FALSE(compiles<exact_gelu, std::vector<double>>);
  STATIC_REQUIRE_FALSE(compiles<exact_gelu, std::vector<float>, std::vector<double>>);
  STATIC_REQUIRE(adapts<xact::silu_t>);
  STATIC_REQUIRE_FALSE(adapts<float>);
}

TEST_CASE("activations are constants of no size") {
  constexpr auto rounded = xact::exact(xact::accurate(xact::silu));
  STATIC_REQUIRE(std::is_empty_v<xact::silu_t>);
  STATIC_REQUIRE(std::is_trivially_copyable_v<decltype(rounded)>);
  STATIC_REQUIRE(std::is_same_v<decltype(rounded), const xact::exact_t<xact::silu_t>>); // the outermost tier counts
  CHECK(rounded(1.0f) == xact::exact(xact::silu)(1.0f));
}
