// Derivatives of every 16- and 8-bit number, correctly rounded.

#include <xact/derivative.hpp>

#include "derivative_records.hpp"
#include "narrow_float.hpp"

TEST_CASE("derivatives of every 16- and 8-bit number are correctly rounded") {
  const auto check = []<class Small>(Small, const auto &f, const record &r) {
    CAPTURE(r.name);
    CHECK(every_code_rounded<Small>(xact::derivative(f), r) == "");
  };
  check(xact::float16(), xact::silu, records::silu_derivative);
  check(xact::float16(), xact::gelu, records::gelu_derivative);
  check(xact::float16(), xact::mish, records::mish_derivative);
  check(xact::float16(), xact::hard_swish, records::hard_swish_derivative);
  check(xact::bfloat16(), xact::tanh, records::tanh_derivative);
  check(xact::bfloat16(), xact::gelu_tanh, records::gelu_tanh_derivative);
  check(xact::float8_e5m2(), xact::gelu, records::gelu_derivative);
}
