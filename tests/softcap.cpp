#include <xact/softcap.hpp>

#include "activation.hpp"
#include "reference/mpfr.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::softcap_t &, const record &);

TEST_CASE("softcap with a cap that is no float") {
  constexpr auto make = [] { return reference::softcap{0.7}; };
  check_activation(xact::softcap_t{.cap = 0.7}, with_parameters<make>(records::of("softcap"), -0.7, 0, 0.7));
}
