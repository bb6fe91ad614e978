#include <xact/gelu_quick.hpp>

#include "activation.hpp"

TEST_CASE("gelu_quick at the float that is hardest to round") {
  CHECK(correctly_rounded(subject<float>(xact::exact(xact::gelu_quick)), records::of("gelu_quick"),
                          {-0x1.e2fa4ep-9f}) == "");
}
