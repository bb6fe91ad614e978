#pragma once
// The true snake and its derivative. Arguments are reduced modulo pi by tables of 2^e mod pi that MPFR makes.

#include "mpfr.hpp"

#include <array>
#include <vector>

namespace reference {

/// 2^e modulo pi, in three parts; pi itself; all from 1400 bits.
class modulo_pi {
public:
  /// The rest of x after the nearest multiple of pi, to 2^-95.
  static dd rest(double x) {
    static const modulo_pi tables;
    int exponent = 0;
    const double fraction = std::frexp(x, &exponent);
    if (exponent <= 40)
      return tables.near(dd{x});
    dd sum = {0};
    double m = fraction;
    for (int e = exponent; m != 0;) { // 13 bits of m at a time
      m *= 0x1p13;
      e -= 13;
      const double piece = std::trunc(m);
      m -= piece;
      sum = tables.near(sum + times(piece, tables.powers.at(static_cast<std::size_t>(e + 60))));
    }
    return sum;
  }
  static dd half_pi() { return {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54}; }

private:
  struct three {
    double part[3];
  };
  static dd times(double m, const three &r) {
    return exact_product(m, r.part[0]) + (exact_product(m, r.part[1]) + dd{m * r.part[2]});
  }
  static three parts(mpfr_ptr x) {
    three result{};
    for (double &part : result.part) {
      part = mpfr_get_d(x, MPFR_RNDN);
      mpfr_sub_d(x, x, part, MPFR_RNDN);
    }
    return result;
  }
  modulo_pi() : powers(1100) {
    mpfr_t power, rest, value;
    mpfr_inits2(1400, power, rest, value, static_cast<mpfr_ptr>(nullptr));
    mpfr_const_pi(value, MPFR_RNDN);
    for (std::size_t i = 0; i < powers.size(); ++i) {
      mpfr_set_ui_2exp(power, 1, static_cast<mpfr_exp_t>(i) - 60, MPFR_RNDN);
      mpfr_remainder(rest, power, value, MPFR_RNDN);
      powers[i] = parts(rest);
    }
    pi = parts(value);
    mpfr_clears(power, rest, value, static_cast<mpfr_ptr>(nullptr));
  }
  /// Of a number below 2^53.
  dd near(dd x) const {
    const double n = std::nearbyint(x.hi / pi.part[0]);
    return (x - exact_product(n, pi.part[0])) - (exact_product(n, pi.part[1]) + dd{n * pi.part[2]});
  }

  std::vector<three> powers; // of e = i - 60
  three pi{};
};

/// sin(r), abs(r) <= 2, by Taylor's series in two chains, its terms from the 24th power on in double.
inline dd sine(dd r) {
  static const auto series = [] {
    std::array<dd, 18> of{dd{1}};
    for (std::size_t k = 1; k < of.size(); ++k)
      of[k] = of[k - 1] / dd{-2. * static_cast<double>(k) * (2. * static_cast<double>(k) + 1)};
    return of;
  }();
  const dd square = r * r;
  const dd fourth = square * square;
  const auto chain = [&](std::size_t k) {
    dd sum{(series[k + 16].hi * fourth.hi + series[k + 14].hi) * fourth.hi + series[k + 12].hi};
    for (k += 10; k < series.size(); k -= 2)
      sum = leading_sum(series[k], sum * fourth);
    return sum;
  };
  return r * leading_sum(chain(0), square * chain(1));
}
inline dd sine_square(dd x) {
  const dd s = sine(modulo_pi::rest(x.hi) + modulo_pi::rest(x.lo));
  return s * s;
}

/// x + sin(alpha x)^2 / beta.
struct snake_beta {
  double alpha = 1;
  double beta = 1;
  truth operator()(double x) const {
    if (std::abs(x) < 0x1p-300 / std::abs(alpha))
      return {{x, 0}, 0x1p-600};
    if (std::abs(x) > 0x1p80 * std::max(1., 1 / std::abs(beta)))
      return just_beside(x, beta);
    const dd term = sine_square(exact_product(alpha, x)) / dd{beta};
    const double size = std::max(std::abs(x), std::abs(term.hi));
    return {dd{x} + term, std::min(size * 0x1p-84, std::abs(term.hi) * 0x1p-60) + size * 0x1p-103 + 0x1p-1000};
  }
};
struct snake : snake_beta {
  explicit snake(double of = 1) : snake_beta{of, of} {}
};

/// 1 + alpha / beta * sin(2 alpha x); with alpha = beta, 2 sin(alpha x + pi/4)^2.
struct snake_beta_derivative {
  double alpha = 1;
  double beta = 1;
  truth operator()(double x) const {
    if (std::abs(x) < 0x1p-300)
      return {{1, 2 * alpha * alpha / beta * x}, 0x1p-600};
    if (const double t = 2 * alpha * x; std::abs(t) < 0x1p-30) { // which side of 1 decides the spacing
      const double rest = alpha / beta * t * (1 - t * t / 6);
      return {dd{1} + dd{rest}, std::abs(rest) * 0x1p-50};
    }
    const dd w = exact_product(alpha, x);
    const dd r = modulo_pi::rest(w.hi) + modulo_pi::rest(w.lo);
    if (alpha != beta) {
      const dd y = dd{1} + dd{alpha} / dd{beta} *
                               sine(scaled(r, 2).hi > 2    ? scaled(modulo_pi::half_pi() - r, 2)
                                    : scaled(r, 2).hi < -2 ? scaled(-modulo_pi::half_pi() - r, 2)
                                                           : scaled(r, 2));
      return {y, 0x1p-80 * std::max(1., std::abs(alpha / beta))};
    }
    dd shifted = r + scaled(modulo_pi::half_pi(), 0.5);
    if (shifted.hi > modulo_pi::half_pi().hi)
      shifted = shifted - scaled(modulo_pi::half_pi(), 2);
    const dd s = sine(shifted);
    return {scaled(s * s, 2), std::abs(s.hi) * 0x1p-82};
  }
};
struct snake_derivative : snake_beta_derivative {
  explicit snake_derivative(double of = 1) : snake_beta_derivative{of, of} {}
};

inline big define(const snake_beta &f, const big &x) {
  const big s = sine(f.alpha * x);
  return x < 0 || 0 < x ? x + s * s / f.beta : x;
}
inline big define(const snake_beta_derivative &f, const big &x) {
  return 1 + big(f.alpha) / f.beta * sine(2 * f.alpha * x);
}

} // namespace reference
