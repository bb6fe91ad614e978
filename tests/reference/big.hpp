#pragma once
// MPFR's numbers.

#include <algorithm>
#include <limits>
#include <mpfr.h>

namespace reference {

/// A number of 400 bits with the few operations that the definitions need.
class big {
public:
  big() { mpfr_init2(value, 400); }
  big(double x) : big() { mpfr_set_d(value, x, MPFR_RNDN); }
  big(const big &other) : big() { mpfr_set(value, other.value, MPFR_RNDN); }
  big &operator=(const big &other) {
    mpfr_set(value, other.value, MPFR_RNDN);
    return *this;
  }
  ~big() { mpfr_clear(value); }

  friend big operator+(const big &a, const big &b) { return make(mpfr_add, a, b); }
  friend big operator-(const big &a, const big &b) { return make(mpfr_sub, a, b); }
  friend big operator*(const big &a, const big &b) { return make(mpfr_mul, a, b); }
  friend big operator/(const big &a, const big &b) { return make(mpfr_div, a, b); }
  big operator-() const { return make(mpfr_neg, *this); }
  friend big exp(const big &a) { return make(mpfr_exp, a); }
  friend big expm1(const big &a) { return make(mpfr_expm1, a); }
  friend big log(const big &a) { return make(mpfr_log, a); }
  friend big log1p(const big &a) { return make(mpfr_log1p, a); }
  friend big hyperbolic_tangent(const big &a) { return make(mpfr_tanh, a); }
  friend big sine(const big &a) { return make(mpfr_sin, a); }
  friend big erfc(const big &a) { return make(mpfr_erfc, a); }
  friend big sqrt(const big &a) { return make(mpfr_sqrt, a); }
  friend big abs(const big &a) { return make(mpfr_abs, a); }
  friend bool operator<(const big &a, const big &b) { return mpfr_less_p(a.value, b.value) != 0; }
  static big decimal(const char *digits) {
    big result;
    mpfr_set_str(result.value, digits, 10, MPFR_RNDN);
    return result;
  }
  static big pi() {
    return make([](mpfr_ptr r, mpfr_rnd_t rounding) { return mpfr_const_pi(r, rounding); });
  }

  bool negative() const { return mpfr_signbit(value) != 0; }
  explicit operator double() const { return mpfr_get_d(value, MPFR_RNDN); }
  explicit operator float() const { return mpfr_get_flt(value, MPFR_RNDN); }

  /// The spacing of T at this value, subnormals included.
  template <class T> big spacing() const {
    using limits = std::numeric_limits<T>;
    const auto lowest = static_cast<mpfr_exp_t>(limits::min_exponent);
    const mpfr_exp_t exponent = mpfr_zero_p(value) ? lowest : std::max(mpfr_get_exp(value), lowest);
    return make(
        [&](mpfr_ptr r, mpfr_rnd_t rounding) { return mpfr_set_si_2exp(r, 1, exponent - limits::digits, rounding); });
  }

private:
  template <class F, class... Args> static big make(F f, const Args &...args) {
    big result;
    f(result.value, args.value..., MPFR_RNDN);
    return result;
  }

  mpfr_t value;
};

/// (candidate - true value) in units of the spacing of T at the true value.
template <class T> double ulps(T candidate, const big &truth) {
  return static_cast<double>((big(candidate) - truth) / truth.spacing<T>());
}

} // namespace reference
