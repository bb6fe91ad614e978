#pragma once
// The true softmax of a row in double-double. The row holds no NaN or +inf, and not only -inf.

#include "exp.hpp"
#include "truth.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace reference {

struct row_truth {
  double maximum;
  dd others; // the sum of e^(x - maximum) over all elements but one maximum, so that log1p sees the smallest of them

  template <class T> explicit row_truth(std::span<const T> row) : maximum(*std::ranges::max_element(row)), others{0} {
    bool left_out = false;
    for (const T x : row) {
      if (static_cast<double>(x) != maximum || left_out) {
        others = others + term(static_cast<double>(x));
      } else {
        left_out = true;
      }
    }
  }

  /// e^(x - maximum); 0 below e^-650, which neither float nor the sum can tell from 0.
  dd term(double x) const { return x - maximum < -650 ? dd{0} : exp(exact_sum(x, -maximum)); }

  truth softmax(double x) const {
    if (x == -HUGE_VAL)
      return {{0}, 0};
    const dd value = term(x) / (dd{1} + others);
    return value.hi == 0 ? truth{{0x1p-900}, 0x1p-899} : within(value, 0x1p-80);
  }

  truth log_softmax(double x) const {
    if (x == -HUGE_VAL)
      return {{x}, 0};
    return within(exact_sum(x, -maximum) - log1p(others), 0x1p-80);
  }

  truth logsumexp() const { return within(dd{maximum} + log1p(others), 0x1p-80); }
};

} // namespace reference
