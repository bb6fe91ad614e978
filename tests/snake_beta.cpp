#include <xact/snake.hpp>

#include "activation.hpp"
#include "reference/snake.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::snake_beta_t &, const record &);
extern template void check_derivative(const xact::snake_beta_t &, const record &);

TEST_CASE("snake_beta with parameters of its own, and its derivative") {
  constexpr auto make = [] { return reference::snake_beta{2.5, 4}; };
  check_activation(xact::snake_beta_t{.alpha = 2.5, .beta = 4},
                   with_parameters<make>(records::of("snake_beta"), -INFINITY, 0, INFINITY));
  constexpr auto slope = [] { return reference::snake_beta_derivative{2.5, 4}; };
  record r = with_parameters<slope>(records::derivative_of("snake_beta"), NAN, 1, NAN);
  r.closely = {};
  check_derivative(xact::snake_beta_t{.alpha = 2.5, .beta = 4}, r);
}
