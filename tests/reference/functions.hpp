#pragma once
// The true activations of a float or double, as double-double with an error bound. Nothing here is shared with the
// library: other methods, other constants. tests/reference.cpp holds every bound against MPFR.
//
// Each has three parts. Near 0 the leading term is exact (hi) and the series gives the rest (lo), so that even the ties
// of odd subnormals are decided. In the middle, the definition. Beyond abs(x) = 650 the limit.

#include "exp.hpp"
#include "truth.hpp"

#include <vector>

namespace reference {

inline constexpr double middle_error = 0x1p-85; // relative

/// A leading term that is exact, and a correction that is right to 2^-49.
[[gnu::always_inline]] inline truth nearly(double leading, double correction) {
  const dd value = exact_sum(leading, correction);
  return {{std::copysign(value.hi, leading), value.lo}, std::abs(correction) * 0x1p-49 + 0x1p-1000};
}

/// A value so small that it is 0 in float, or so near its limit that float and double cannot tell.
[[gnu::always_inline]] inline truth just_beside(double limit, double direction) {
  const double offset = std::copysign(0x1p-900, direction);
  return {{limit == 0 ? offset : limit, limit == 0 ? 0 : offset}, 0x1p-899};
}

struct relu {
  [[gnu::always_inline]] truth operator()(double x) const { return {{x < 0 ? 0 : x}, 0}; }
};

struct leaky_relu {
  double negative_slope = 0.01;
  [[gnu::always_inline]] truth operator()(double x) const {
    return {x < 0 ? exact_product(x, negative_slope) : dd{x}, 0};
  }
};

struct sigmoid {
  [[gnu::always_inline]] truth operator()(double x) const {
    if (std::abs(x) < 0x1p-9) {
      // 1/2 + x/4 - x^3/48 + x^5/480 - 17x^7/80640
      const double t = x * x;
      const double cubic = x * t * (-1. / 48 + t * (1. / 480 - t * (17. / 80640)));
      const dd linear = exact_sum(0.5, x / 4);
      return {quick_sum(linear.hi, linear.lo + cubic),
              std::abs(cubic) * 0x1p-49 + std::abs(linear.lo) * 0x1p-52 + 0x1p-1000};
    }
    if (std::abs(x) > 650)
      return just_beside(x > 0, -x);
    return within(dd{1} / (dd{1} + exp({-x})), middle_error);
  }
};

struct tanh {
  [[gnu::always_inline]] truth operator()(double x) const {
    const double t = x * x;
    if (std::abs(x) < 0x1p-12)
      return nearly(x, x * t * (-1. / 3 + t * (2. / 15 - t * (17. / 315))));
    const double a = std::abs(x);
    if (a > 300)
      return just_beside(std::copysign(1, x), -x);
    const dd e = exp({-2 * a});
    const dd y = (dd{1} - e) / (dd{1} + e);
    return within(x < 0 ? -y : y, middle_error);
  }
};

/// x - tanh(x): below 1/2 by the series of tanh, of which t' = 1 - t^2 gives the coefficients.
struct tanh_shrink {
  static const std::array<dd, 30> coefficients; // of -x^3, -x^5 ...
  truth operator()(double x) const {
    const double a = std::abs(x);
    if (a < 0x1p-300)
      return just_beside(0, x);
    if (a > 300) { // a - 1 and less than 2^-866
      const dd y = exact_sum(a, -1);
      return {x < 0 ? dd{-y.hi, -y.lo - 0x1p-867} : dd{y.hi, y.lo + 0x1p-867}, 0x1.fffp-868};
    }
    if (a >= 0.5) {
      const dd e = exp({-2 * a});
      const dd y = dd{a} - (dd{1} - e) / (dd{1} + e);
      return within(x < 0 ? -y : y, 0x1p-80);
    }
    const dd t = exact_product(x, x);
    dd sum = {0};
    for (std::size_t k = t.hi < 0x1p-40 ? 3 : t.hi < 0x1p-10 ? 9 : coefficients.size(); k-- > 0;)
      sum = coefficients[k] + t * sum;
    return within(dd{-x} * t * sum, 0x1p-97);
  }
};
inline const std::array<dd, 30> tanh_shrink::coefficients = [] {
  std::array<dd, 31> tanh{dd{1}};
  for (std::size_t n = 1; n < tanh.size(); ++n) {
    dd square = {0};
    for (std::size_t i = 0; i < n; ++i)
      square = square + tanh[i] * tanh[n - 1 - i];
    tanh[n] = -square / dd{static_cast<double>(2 * n + 1)};
  }
  std::array<dd, 30> result;
  std::copy(tanh.begin() + 1, tanh.end(), result.begin());
  return result;
}();

/// cap * tanh(x / cap).
struct softcap {
  double cap = 30;
  truth operator()(double x) const {
    const double a = std::abs(x);
    if (a > 300 * cap)
      return just_beside(std::copysign(cap, x), -x);
    const dd u = dd{a} / dd{cap};
    const double t = u.hi * u.hi;
    if (u.hi < 0x1p-12)
      return nearly(x, x * t * (-1. / 3 + t * (2. / 15 - t * (17. / 315))));
    const dd e = exp(scaled(u, -2));
    const dd y = dd{cap} * ((dd{1} - e) / (dd{1} + e));
    return within(x < 0 ? -y : y, 0x1p-82);
  }
};

struct silu {
  [[gnu::always_inline]] truth operator()(double x) const {
    const double t = x * x;
    if (std::abs(x) < 0x1p-25)
      return nearly(x / 2, t * (1. / 4 - t * (1. / 48)));
    if (std::abs(x) > 650)
      return just_beside(x > 0 ? x : 0, -1);
    return within(dd{x} / (dd{1} + exp({-x})), middle_error);
  }
};

/// x*Phi(x), by G(a) = exp(a*a/2) * Phi(-a), of which G' = a*G - 1/sqrt(2*pi).
struct gelu {
  static constexpr int per_unit = 64; // Taylor centres in a unit of a
  static constexpr int centres = 38 * per_unit;
  struct taylor {
    std::array<dd, 5> leading;  // c0 to c4
    std::array<double, 7> rest; // c5 to c11: abs(t) <= 2^-7, so c5*t^5 < 2^-39 and c12*t^12 < 2^-99
  };
  static const std::vector<taylor> table;

  [[gnu::always_inline]] truth operator()(double x) const {
    const double square = x * x;
    if (std::abs(x) < 0x1p-25)
      return nearly(x / 2, inverse_root_2pi.hi * square * (1 - square / 6));
    const double a = std::abs(x);
    if (a > 36)
      return just_beside(x > 0 ? x : 0, -1);
    const double nearest_centre = std::floor(a * per_unit + 0.5);
    const double t = a - nearest_centre / per_unit;
    const taylor &c = table[static_cast<std::size_t>(nearest_centre)];
    double rest = c.rest.back();
    for (std::size_t k = c.rest.size() - 1; k-- > 0;)
      rest = rest * t + c.rest[k];
    dd g = {rest};
    for (std::size_t k = c.leading.size(); k-- > 0;)
      g = leading_sum(c.leading[k], g * dd{t});
    const dd tail = dd{a} * g * exp(scaled(exact_product(a, a), -0.5)); // a * Phi(-a)
    return within(x > 0 ? dd{x} - tail : -tail, middle_error);
  }
};

/// The Taylor coefficients of G about k/64, by stepping downwards from the asymptotic series at 38. G is the recessive
/// solution, so errors shrink in that direction.
inline const std::vector<gelu::taylor> gelu::table = [] {
  constexpr int terms = 24;
  constexpr double step = 1.0 / per_unit;
  std::vector<taylor> result(centres + 1);
  // G(a) = 1/(sqrt(2*pi) * a) * (1 - 1/a^2 + 3/a^4 - 15/a^6 ...): below 2^-130 after twenty terms
  const dd inverse_square = dd{1} / dd{38. * 38.};
  dd series = {1};
  for (int k = 20; k > 0; --k)
    series = dd{1} - series * dd{2. * k - 1} * inverse_square;
  dd g = inverse_root_2pi / dd{38} * series;
  for (int i = centres; i >= 0; --i) {
    // (n + 1) c[n+1] = a c[n] + c[n-1], less 1/sqrt(2*pi) for n = 0
    const dd a = {i * step};
    std::array<dd, terms> c;
    c[0] = g;
    c[1] = a * c[0] - inverse_root_2pi;
    for (std::size_t n = 1; n + 1 < terms; ++n)
      c[n + 1] = (a * c[n] + c[n - 1]) / dd{static_cast<double>(n + 1)};
    taylor &entry = result[static_cast<std::size_t>(i)];
    std::copy_n(c.begin(), entry.leading.size(), entry.leading.begin());
    for (std::size_t k = 0; k < entry.rest.size(); ++k)
      entry.rest[k] = c[k + entry.leading.size()].hi;
    g = c.back();
    for (std::size_t n = terms - 1; n-- > 0;)
      g = g * dd{-step} + c[n];
  }
  return result;
}();

/// Phi((x - mu) / sigma), from gelu's Phi and its derivative.
struct laplace {
  double mu = 0.707107;
  double sigma = 0.282095;
  static dd density(dd z) { return inverse_root_2pi * exp(scaled(z * z, -0.5)); }
  truth operator()(double x) const {
    if (std::abs(x) > 100 * sigma + std::abs(mu))
      return just_beside(x > 0, -x);
    const dd z = exact_sum(x, -mu) / dd{sigma};
    if (std::abs(z.hi) > 36)
      return just_beside(z.hi > 0, -z.hi);
    const dd phi = z.hi == 0 ? dd{0.5} : gelu()(z.hi).value / dd{z.hi};
    return within(phi + density({z.hi}) * dd{z.lo}, 0x1p-72);
  }
};

/// x / (1 + exp(-2u)), u = sqrt(2/pi) * (x + 0.044715 x^3) with the real numbers sqrt(2/pi) and 0.044715.
struct gelu_tanh {
  [[gnu::always_inline]] truth operator()(double x) const {
    constexpr dd cubic = {0x1.6e4e26d4801f7p-5, 0x1.441355475a31ap-59}; // 0.044715
    const double square = x * x;
    if (std::abs(x) < 0x1p-25)
      return nearly(x / 2, inverse_root_2pi.hi * square);
    if (std::abs(x) > 20.5)
      return just_beside(x > 0 ? x : 0, -1);
    const dd twice_u = scaled(inverse_root_2pi, 4) * dd{x} * (dd{1} + cubic * exact_product(x, x));
    return within(dd{x} / (dd{1} + exp(-twice_u)), middle_error);
  }
};

} // namespace reference
