#include <xact/softplus.hpp>

#include "activation.hpp"
#include "reference/derivatives.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::softplus_t &, const record &);
extern template void check_derivative(const xact::softplus_t &, const record &);

TEST_CASE("softplus with other betas") {
  constexpr double ln2 = 0.6931471805599453;
  SECTION("2") {
    const record r =
        with_parameters<[] { return reference::softplus{2}; }>(records::of("softplus"), 0, ln2 / 2, INFINITY);
    check_activation(xact::softplus_t{.beta = 2}, r);
  }
  SECTION("0.7") {
    const record r =
        with_parameters<[] { return reference::softplus{0.7}; }>(records::of("softplus"), 0, ln2 / 0.7, INFINITY);
    check_activation(xact::softplus_t{.beta = 0.7}, r);
  }
}

TEST_CASE("derivative of softplus with another beta") {
  constexpr auto make = [] { return reference::softplus_derivative{2.5}; };
  check_derivative(xact::softplus_t{.beta = 2.5}, with_parameters<make>(records::derivative_of("softplus"), 0, 0.5, 1));
}
