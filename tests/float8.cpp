#include <xact/float8.hpp>

#include "narrow_float.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <xact/relu.hpp>
#include <xact/tanh.hpp>

TEMPLATE_TEST_CASE("8-bit conversions", "", xact::float8_e4m3, xact::float8_e5m2) { check_conversions<TestType>(); }

TEMPLATE_TEST_CASE("every number of 8 bits", "", xact::float8_e4m3, xact::float8_e5m2) {
  CHECK(every_code_rounded<TestType>(xact::relu, records::of("relu")) == "");
  CHECK(every_code_rounded<TestType>(xact::tanh, records::of("tanh")) == "");
}

TEST_CASE("e4m3 has no infinity: NaN beyond 448, or 448 where that is asked for") {
  using xact::float8_e4m3, xact::saturate;
  CHECK(static_cast<float>(float8_e4m3(464.0f)) == 448); // a tie, and 448 is even
  CHECK(std::isnan(static_cast<float>(float8_e4m3(464.1f))));
  CHECK(std::isnan(static_cast<float>(float8_e4m3(INFINITY))));
  CHECK(static_cast<float>(saturate<float8_e4m3>(1e9f)) == 448);
  CHECK(static_cast<float>(saturate<float8_e4m3>(-INFINITY)) == -448);
  CHECK(std::isnan(static_cast<float>(saturate<float8_e4m3>(NAN))));
}

TEST_CASE("numbers that no double holds are rounded once") {
  using xact::float16;
  if (std::numeric_limits<long double>::digits > 53) {
    CHECK(static_cast<float>(float16(1 + 0x1p-11L + 0x1p-60L)) == 0x1.004p0f);
    CHECK(static_cast<float>(float16(-1 - 0x1p-11L - 0x1p-60L)) == -0x1.004p0f);
    CHECK(static_cast<float>(float16(1 + 0x1p-11L - 0x1p-60L)) == 1);
  }
}

TEMPLATE_TEST_CASE("bits are not numbers", "", xact::float16, xact::bfloat16, xact::float8_e4m3, xact::float8_e5m2) {
  using storage = decltype(TestType::bits);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TestType, storage>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TestType, int>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TestType, unsigned long long>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TestType, bool>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TestType, char>);
  STATIC_REQUIRE_FALSE(std::is_assignable_v<TestType &, storage>);
  STATIC_REQUIRE(std::is_convertible_v<float, TestType>);
  STATIC_REQUIRE(std::is_convertible_v<double, TestType>);
  STATIC_REQUIRE(std::is_convertible_v<TestType, float>);
  STATIC_REQUIRE(TestType::from_bits(storage{3}).bits == storage{3});
}
