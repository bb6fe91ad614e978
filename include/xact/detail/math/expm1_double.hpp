#pragma once

/// @file
/// e^x - 1 of double lanes, for elu and its relatives.

#include <xact/detail/math/derivative_number.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// e^x - 1 for -700 <= x <= 0, with a relative error below 2^-56.4, without FMA 2^-55.5.
template <class V> XACT_INLINE inline double_double<V> expm1_double_double(const double_double<V> &x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(x);
  const double_double<V> e = expm1_reduced(r);
  const V scale = power_of_two(shifted);
  const double_double<V> rest = fast_two_sum(V(-1.0), scale);
  const double_double<V> sum = fast_two_sum(rest.hi, V(e.hi * scale));
  return {sum.hi, mul_add(e.lo, scale, V(sum.lo + rest.lo))};
}

/// The rest r = x - n*ln2 for reduce_by_ln2's n, with a relative error of 2^-104.
template <class V> XACT_INLINE inline double_double<V> long_rest_of_ln2(const V &x, const V &shifted) noexcept {
  const V n = shifted - V(0x1.8p52);
  const V head = neg_mul_add(n, V(0x1.62e42fefa4p-1), x); // exact
  const double_double<V> low = two_product(n, V(0x1.8432a1b0e2634p-43));
  return sum(lanes<double_double<V>>(head), double_double<V>{low.hi, mul_add(n, V(-0x1.f97b57a079a19p-103), low.lo)});
}

/// e^r - 1 for a reduced r, with a relative error of 2^-102: Taylor's series, whose terms have two parts as far as they
/// count. For what cancels. Constants: tests/sollya/expm1_double.sollya.
template <class V> XACT_INLINE inline double_double<V> long_expm1_reduced(const double_double<V> &r) noexcept {
  constexpr double_double<double> inverse_factorials[] = {
      {0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87},  {0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83},
      {0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80}, {0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76},
      {0x1.71de3a556c734p-19, -0x1.c154f8ddc6cp-73},   {0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76},
      {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73},  {0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65},
      {0x1.1111111111111p-7, 0x1.1111111111111p-63},   {0x1.5555555555555p-5, 0x1.5555555555555p-59},
      {0x1.5555555555555p-3, 0x1.5555555555555p-57},   {0x1p-1, 0}};
  double_double<V> series = lanes<double_double<V>>(polynomial(
      r.hi, 1 / 87178291200.0, 1 / 1307674368000.0, 1 / 20922789888000.0, 1 / 355687428096000.0, 1 / 6402373705728000.0,
      1 / 121645100408832000.0, 1 / 2432902008176640000.0, 1 / 51090942171709440000.0, 1 / 1124000727777607680000.0));
  for (const auto &[hi, lo] : inverse_factorials) { // each is larger than all after it
    const double_double<V> rest = product(r, series);
    const double_double<V> s = fast_two_sum(V(hi), rest.hi);
    series = {s.hi, V(s.lo + V(rest.lo + V(lo)))};
  }
  return sum(r, product(product(r, r), series));
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
