#include <xact/float16.hpp>

#include "narrow_float.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <xact/relu.hpp>

TEMPLATE_TEST_CASE("16-bit conversions", "", xact::float16, xact::bfloat16) { check_conversions<TestType>(); }

TEST_CASE("16-bit numbers kept as integers are computed in place, without a copy") {
  std::vector<std::uint16_t> raw = {0x3c00, 0xbc00, 0xfc00}; // 1, -1, -inf
  xact::relu(xact::as_float16(raw));
  CHECK(raw == std::vector<std::uint16_t>{0x3c00, 0, 0});
  raw = {0x3f80, 0xbf80, 0xff80};
  xact::relu(xact::as_bfloat16(raw));
  CHECK(raw == std::vector<std::uint16_t>{0x3f80, 0, 0});
}
