#include <xact/elu.hpp>

#include "activation.hpp"
#include "reference/mpfr.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::elu_t &, const record &);

TEST_CASE("elu with another alpha") {
  const record r = with_parameters<[] { return reference::elu{1.673}; }>(records::of("elu"), -1.673, 0, INFINITY);
  check_activation(xact::elu_t{.alpha = 1.673}, r);
}
