#include <xact/hard_tanh.hpp>

#include "activation.hpp"
#include "reference/mpfr.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::hard_tanh_t &, const record &);

TEST_CASE("hard_tanh between other bounds") {
  const record r = with_parameters<[] {
    return reference::hard_tanh{-0.25, 0.75};
  }>(records::of("hard_tanh"), -0.25, 0, 0.75);
  check_activation(xact::hard_tanh_t{.min_val = -0.25, .max_val = 0.75}, r);
}
