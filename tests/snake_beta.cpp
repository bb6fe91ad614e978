#include <xact/snake.hpp>

#include "activation.hpp"
#include "reference/snake.hpp"
#include "values.hpp"

#include <algorithm>
#include <bit>
#include <xact/exact.hpp>

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

// So the proof of snake over every float (exhaustive/results.tsv) is one of snake_beta.
TEST_CASE("snake_beta with its default parameters is snake, to the bit") {
  std::vector<float> x((1u << 31) / 8191), a(x.size()), b(x.size());
  for (std::uint32_t i = 0; i < x.size(); ++i)
    x[i] = std::bit_cast<float>(i * 2 * 8191);
  const auto compare = [&](const auto &f, const auto &g) {
    f(x, a);
    g(x, b);
    CHECK(std::ranges::equal(a, b, same<float>));
  };
  compare(xact::snake, xact::snake_beta);
  compare(xact::accurate(xact::snake), xact::accurate(xact::snake_beta));
  compare(xact::exact(xact::snake), xact::exact(xact::snake_beta));
  compare(xact::derivative(xact::snake), xact::derivative(xact::snake_beta));
  compare(xact::exact(xact::derivative(xact::snake)), xact::exact(xact::derivative(xact::snake_beta)));
}
