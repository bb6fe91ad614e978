#include "derivative.hpp"

#include <xact/gelu_quick.hpp>
#include <xact/mish.hpp>

TEST_CASE("derivatives of mish and gelu_quick") {
  check_derivative<subject>(xact::mish, records::mish_derivative, {-0x1.31432c0d12d84p+0});
  check_derivative<by_range>(xact::gelu_quick, records::gelu_quick_derivative, {-0.7511542});
}
