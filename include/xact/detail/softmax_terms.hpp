#pragma once

/// @file
/// The terms e^x of a row, of the kind that its type and tier sum, for any logits; and what divides them by their sum.

#include <xact/detail/softmax_inverse.hpp>
#include <xact/detail/softmax_logits.hpp>
#include <xact/detail/softmax_near_sum.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^x for logits x <= maximum in double lanes: a function of x, the type T and the tier alone, but for where it cannot
/// matter beside the maximum. Where terms are floats, those of logits that are floats of at most 2^16 are; the others,
/// and all in the exact tier and in double, are doubles.
template <class T, class Tier, bool = has_float_terms<T, Tier>> class softmax_terms {
public:
  explicit softmax_terms(double) noexcept {}
  template <class W> [[gnu::always_inline]] power<W> operator()(const W &x) const noexcept { return exp_power(x); }
  /// The exponent of the term of the maximum.
  static double exponent(double maximum) noexcept { return exp_power(maximum).exponent; }
  static power<double> of(double x) noexcept { return exp_power(x); }

  static power<double> rounded(const power<double> &sum) noexcept { return sum; }

  /// The quotient of a logit's term and the sum.
  class quotient {
  public:
    quotient(double, const power<double> &of_all) noexcept : sum(of_all) {}
    template <class W> [[gnu::always_inline]] W operator()(const W &x) const noexcept {
      const power<W> e = exp_power(x);
      return times_power(W(e.significand / W(sum.significand)), W(e.exponent - W(sum.exponent)));
    }

  private:
    power<double> sum;
  };
};

template <class T, class Tier> class softmax_terms<T, Tier, true> {
  using E = scaled_exp<Tier, native<float>>;
  using W = logit_lanes<float>;

public:
  explicit softmax_terms(double maximum) noexcept
      : all_near(E::suits(maximum)), scale(static_cast<double>(E::exponent(near(maximum))) - 64), e(near(maximum)) {}

  power<W> operator()(const W &x) const noexcept {
    const native<float> narrow = to_float(x);
    power<W> y{to_double(e(narrow)), W(scale)};
    if (const auto wide = W(0.0) < is_wide(x, narrow); any_lane(wide)) {
      const power<W> z = exp_power(x);
      y = {blend(wide, z.significand, y.significand), blend(wide, z.exponent, y.exponent)};
    }
    return y;
  }

  static double exponent(double maximum) noexcept {
    const bool is_float = static_cast<double>(static_cast<float>(maximum)) == maximum;
    return is_float && __builtin_fabs(maximum) <= limit ? static_cast<double>(E::exponent(near(maximum)))
                                                        : exp_power(maximum).exponent;
  }

  /// A sum as it counts: see `sum_bits`.
  static power<double> rounded(const power<double> &sum) noexcept {
    return {round_to<sum_bits<Tier>>(sum.significand), sum.exponent};
  }

  class quotient {
  public:
    quotient(double maximum, const power<double> &of_all) noexcept
        : terms(maximum), sum(of_all),
          inverse(times_power(of_all.significand, std::fmin(of_all.exponent - terms.scale, 900))) {}

    W operator()(const W &x) const noexcept {
      const native<float> narrow = to_float(x);
      W y = to_double(inverse.any(terms.e(narrow)));
      if (const auto wide = W(0.0) < terms.is_wide(x, narrow); any_lane(wide)) {
        const power<W> z = exp_power(x);
        y = blend(wide, times_power(W(z.significand / W(sum.significand)), W(z.exponent - W(sum.exponent))), y);
      }
      return y;
    }

  private:
    softmax_terms terms;
    power<double> sum;
    float_inverse<Tier> inverse;
  };

  /// The term of one logit.
  static power<double> of(double x) noexcept {
    const power<W> y = softmax_terms(x)(W(x));
    return {first_lane(y.significand.part[0]), first_lane(y.exponent.part[0])};
  }

private:
  static constexpr double limit = static_cast<double>(E::limit);
  static float near(double maximum) noexcept {
    return static_cast<float>(std::fmin(std::fmax(maximum, -limit), limit));
  }

  /// 1 where the term is a double, else 0. Where the maximum suits floats, logits below -limit cannot matter.
  [[gnu::always_inline]] W is_wide(const W &x, const native<float> &narrow) const noexcept {
    const W is_no_float = blend(x == to_double(narrow), W(0.0), W(1.0));
    return all_near ? is_no_float : W(blend(W(limit) < magnitude(x), W(1.0), is_no_float));
  }

  bool all_near;
  double scale;
  E e;
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
