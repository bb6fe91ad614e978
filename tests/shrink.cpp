#include <xact/shrink.hpp>

#include "activation.hpp"
#include "reference/mpfr.hpp"

// Its checks are compiled with those of its default parameters.
extern template void check_activation(const xact::shrink_t &, const record &);

TEST_CASE("soft_shrink with a lambda that is no float") {
  const record r =
      with_parameters<[] { return reference::soft_shrink(0.1); }>(records::of("soft_shrink"), -INFINITY, 0, INFINITY);
  check_activation(xact::soft_shrink_t{.lambda = 0.1}, r);
  CHECK(within_limit(subject<float>(xact::soft_shrink_t{.lambda = 0.1}), r, 4, around<float>(0.1)) == "");
}

TEST_CASE("shrink with a bias above lambd") {
  constexpr auto make = [] { return reference::shrink{0.25, 1.7}; };
  const record r = with_parameters<make>(records::of("shrink"), -INFINITY, 0, INFINITY);
  check_activation(xact::shrink_t{.lambd = 0.25, .bias = 1.7}, r);
  CHECK(within_limit(subject<float>(xact::shrink_t{.lambd = 0.25, .bias = 1.7}), r, 4, around<float>(1.7)) == "");
}

TEST_CASE("what shrinks is decided by lambda itself, not by the float nearest to it") {
  const float above = 0.1f; // 0.100000001490116
  CHECK(xact::hard_shrink_t{0.1}(above) == above);
  CHECK(xact::hard_shrink_t{0.1}(std::nextafter(above, 0.0f)) == 0);
  CHECK(xact::hard_shrink_t{0.3}(-0.3f) == -0.3f); // float(0.3) is above 0.3
  CHECK(xact::hard_shrink_t{0.7}(0.7f) == 0);      // float(0.7) is below 0.7
}
