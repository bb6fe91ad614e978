#pragma once

/// @file
/// sin^2 of any double, for snake: its reduction modulo pi, and the sine. Constants: tests/sollya/inverse_pi.py.

#include <xact/detail/math/derivative_number.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr double_double<double> pi_in_two{0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};

/// 1/pi in pieces of 26 bits, as far as the largest double needs it, times 2^512.
inline constexpr double pieces_of_inverse_pi[] = {
    0x1.45f306p+510,  0x1.b9391p+485,  0x1.529fc2p+459,  0x1.d5f47dp+433, 0x1.34ddc08p+407, 0x1.6d8a56p+381,
    0x1.93c439p+355,  0x1.07f94p+325,  0x1.63abde8p+303, 0x1.de2b0dp+276, 0x1.7246e38p+251, 0x1.2126e9p+224,
    0x1.c00c92p+198,  0x1.77504ep+172, 0x1.1921cf8p+147, 0x1.877ac7p+121, 0x1.62534ep+94,   0x1.f74411p+68,
    0x1.5f52eb8p+43,  0x1.a24274p+16,  0x1.9c70268p-9,   0x1.a2fbf2p-36,  0x1.3991dp-65,    0x1.8e60d48p-87,
    0x1.39f49c8p-113, 0x1.17e2e8p-143, 0x1.df92838p-165, 0x1.8ffc4bp-192, 0x1.ffde058p-217, 0x1.80fef2p-245,
    0x1.e2316bp-270,  0x1.05368fp-296, 0x1.6d367e8p-321, 0x1.3c9f2cp-347, 0x1.36e9e8p-374,  0x1.8fd9a78p-399,
    0x1.7fa8b4p-427,  0x1.d49eebp-451, 0x1.faf97cp-479,  0x1.7b3d06p-505, 0x1.39f78ap-529,  0x1.4a4ba98p-555,
    0x1.7f6bf6p-582};

/// The rest of x after its multiples of pi, for any finite x, after M. Payne and R. Hanek, Radian reduction for
/// trigonometric functions, 1983: turns of pi are summed piece by piece, and whole ones dropped at once. Products of
/// pieces are exact. The error is below 2^-95.
template <class V>
[[gnu::noinline, gnu::cold]] inline double_double<V> reduce_huge_by_pi(const double_double<V> x) noexcept {
  double_double<V> turns{V(0.0), V(0.0)};
  const auto drop_whole = [](const V &v, double magic) XACT_INLINE { return V(v - V(V(v + V(magic)) - V(magic))); };
  for (const V &part : {x.hi, x.lo}) {
    const double_double<V> cut_part = cut(V(part * V(0x1p-512)));
    for (const V &factor : {cut_part.hi, cut_part.lo}) {
      for (const double piece : pieces_of_inverse_pi) {
        const V v = mul_add(factor, V(piece), V(-0.0));
        const V fewer = drop_whole(select(abs(v) < V(0x1p71), v, V(0.0)), 0x1.8p72);
        const double_double<V> s = two_sum(turns.hi, drop_whole(fewer, 0x1.8p52));
        turns = {s.hi, V(turns.lo + s.lo)};
      }
    }
  }
  const double_double<V> rest = fast_two_sum(drop_whole(turns.hi, 0x1.8p52), turns.lo);
  return product(rest, double_double<V>{V(pi_in_two.hi), V(pi_in_two.lo)});
}

/// The rest of x after its multiples of pi, at most a little more than pi/2, for any x; NaN for an infinite one. The
/// error is below 2^-85.
template <class V> XACT_INLINE inline double_double<V> reduce_by_pi(const double_double<V> &x) noexcept {
  const V magic(0x1.8p52);
  const V n = V(mul_add(x.hi, V(0x1.45f306dc9c883p-2), magic)) - magic;
  const V head = neg_mul_add(n, V(0x1.921fb54p+1), x.hi); // n * the first two parts is exact up to 2^24
  const double_double<V> r = two_sum(head, V(n * V(-0x1.10b46118p-29)));
  double_double<V> rest = fast_two_sum(r.hi, V(r.lo + neg_mul_add(n, V(0x1.313198a2e037p-60), x.lo)));
  const auto huge = V(0x1p24) < abs(x.hi);
  if (any_lane(huge)) [[unlikely]] {
    const double_double<V> r_of_huge = reduce_huge_by_pi(x);
    const V nan_of_infinity = x.hi - x.hi;
    rest = select(huge, double_double<V>{V(r_of_huge.hi + nan_of_infinity), r_of_huge.lo}, rest);
  }
  return rest;
}

/// sin(r) for abs(r) <= pi/4, in two parts, with a relative error below 2^-57: r and r^3/6 in two parts, the rest of
/// Taylor's series in double.
template <class V> XACT_INLINE inline double_double<V> sine_of_reduced(const double_double<V> &r) noexcept {
  const double_double<V> square = two_product(r.hi, r.hi);
  const double_double<V> linear = product(square, double_double<V>{V(-1.0 / 6), V(-0x1.5555555555555p-57)});
  const V rest = polynomial(square.hi, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800,
                            -1.0 / 1307674368000, 1.0 / 355687428096000);
  const double_double<V> series = fast_two_sum(linear.hi, mul_add(V(square.hi * square.hi), rest, V(-0.0)));
  const double_double<V> change = product(r.hi, double_double<V>{series.hi, V(series.lo + linear.lo)});
  const V cosine = polynomial(square.hi, 1.0, -1.0 / 2, 1.0 / 24);
  const double_double<V> sine = fast_two_sum(r.hi, change.hi);
  return {sine.hi, V(sine.lo + mul_add(r.lo, cosine, change.lo))};
}

/// 1 - factor * sin(r)^2.
template <class V>
XACT_INLINE inline double_double<V> cosine_by_sine(const double_double<V> &r, double factor) noexcept {
  const double_double<V> s = sine_of_reduced(r);
  return sum(double_double<V>{V(1.0), V(0.0)}, product(V(-factor), product(s, s)));
}

/// r of [-pi/2, pi/2] mirrored at pi/4 where it is beyond: its size then.
template <class V, class M>
XACT_INLINE inline double_double<V> mirrored(const double_double<V> &r, const M &beyond) noexcept {
  const double_double<V> size{abs(r.hi), mul_sign(r.lo, r.hi)};
  const double_double<V> half_pi{V(pi_in_two.hi / 2), V(pi_in_two.lo / 2)};
  return select(beyond, sum(half_pi, negated(size)), size);
}
template <class V> XACT_INLINE inline auto beyond_quarter(const double_double<V> &r) noexcept {
  return V(pi_in_two.hi / 4) < abs(r.hi);
}

/// sin(r)^2 for abs(r) <= pi/2.
template <class V> XACT_INLINE inline double_double<V> square_of_sine(const double_double<V> &r) noexcept {
  const auto beyond = beyond_quarter(r);
  const double_double<V> s = sine_of_reduced(mirrored(r, beyond));
  const double_double<V> square = product(s, s);
  return select(beyond, sum(double_double<V>{V(1.0), V(0.0)}, negated(square)), square);
}

/// sin(2r) for abs(r) <= pi/2: 2 sin(m) (1 - 2 sin(m/2)^2), m the mirrored r.
template <class V> XACT_INLINE inline double_double<V> sine_of_twice(const double_double<V> &r) noexcept {
  const double_double<V> m = mirrored(r, beyond_quarter(r));
  const double_double<V> cosine = cosine_by_sine(double_double<V>{V(m.hi * V(0.5)), V(m.lo * V(0.5))}, 2.0);
  const double_double<V> y = product(sine_of_reduced(m), cosine);
  return {mul_sign(V(y.hi + y.hi), r.hi), mul_sign(V(y.lo + y.lo), r.hi)};
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
