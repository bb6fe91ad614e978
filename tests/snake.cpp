#include <xact/snake.hpp>

#include "activation.hpp"
#include "reference/snake.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::snake_t &, const record &);

TEST_CASE("snake with another alpha") {
  constexpr auto make = [] { return reference::snake(3.7); };
  check_activation(xact::snake_t{.alpha = 3.7}, with_parameters<make>(records::of("snake"), -INFINITY, 0, INFINITY));
}
