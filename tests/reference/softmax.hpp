#pragma once
// The true softmax of a row in double-double. The row holds no NaN or +inf, and not only -inf.

#include "exp.hpp"
#include "truth.hpp"

#include <span>
#include <vector>

namespace reference {

struct row_truth {
  dd maximum = {-HUGE_VAL};
  dd others = {0}; // the sum of e^(x - maximum) over all but one maximum, so that log1p sees the smallest of them

  explicit row_truth(std::span<const dd> row) {
    for (const dd x : row) {
      if (is_less(maximum, x))
        maximum = x;
    }
    bool left_out = false;
    for (const dd x : row) {
      if (is_less(x, maximum) || left_out) {
        others = others + term(x);
      } else {
        left_out = true;
      }
    }
  }
  template <class T> explicit row_truth(std::span<const T> row) : row_truth(std::span<const dd>(as_dd(row))) {}

  /// e^(x - maximum); 0 below e^-650, which neither float nor the sum can tell from 0.
  dd term(dd x) const {
    const dd d = difference(x);
    return d.hi < -650 ? dd{0} : exp(d);
  }

  truth softmax(dd x) const {
    if (x.hi == -HUGE_VAL)
      return {{0}, 0};
    const dd value = term(x) / (dd{1} + others);
    return value.hi == 0 ? truth{{0x1p-900}, 0x1p-899} : within(value, 0x1p-80);
  }

  truth log_softmax(dd x) const {
    if (x.hi == -HUGE_VAL)
      return {x, 0};
    return within(difference(x) - log1p(others), 0x1p-80);
  }

  truth softmax(double x) const { return softmax(dd{x}); }
  truth log_softmax(double x) const { return log_softmax(dd{x}); }

  truth logsumexp() const { return within(maximum + log1p(others), 0x1p-80); }

private:
  static bool is_less(dd a, dd b) { return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo); }
  dd difference(dd x) const { return x.hi == maximum.hi ? dd{x.lo - maximum.lo} : std::isinf(x.hi) ? x : x - maximum; }
  template <class T> static std::vector<dd> as_dd(std::span<const T> row) {
    std::vector<dd> result;
    for (const T x : row)
      result.push_back({static_cast<double>(x)});
    return result;
  }
};

} // namespace reference
