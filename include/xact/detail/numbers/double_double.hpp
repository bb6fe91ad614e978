#pragma once

/// @file
/// Numbers as unevaluated sums of two lanes, for the few places where one double is not enough.

#include <xact/detail/lanes/ops.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// The number hi + lo, lo within an ULP or so of hi.
template <class V> struct double_double {
  V hi;
  V lo;
};

/// a + b, exactly.
template <class V> XACT_INLINE inline double_double<V> two_sum(const V &a, const V &b) noexcept {
  const V sum = a + b;
  const V b_in_sum = sum - a;
  return {sum, V((a - V(sum - b_in_sum)) + (b - b_in_sum))};
}

/// a + b, exactly when abs(a) >= abs(b) or a == 0.
template <class V> XACT_INLINE inline double_double<V> fast_two_sum(const V &a, const V &b) noexcept {
  const V sum = a + b;
  return {sum, V(b - V(sum - a))};
}

/// A double cut in two: hi has 26 bits, lo 27. Cut by a mask: a cut by multiplication breaks where the compiler fuses
/// it, and overflows.
template <class V> XACT_INLINE inline double_double<V> cut(const V &a) noexcept {
  const V hi = as_float(integer_t<V>(as_integer(a) & integer_t<V>(std::int64_t(-0x8000000))));
  return {hi, V(a - hi)};
}

// With FMA, g++ fuses a bare product into whatever sum it meets later: lo would count twice, or bits would depend on
// where a kernel is inlined. Adding -0 in the same instruction costs nothing and prevents it.

/// a * b of doubles: hi is the product rounded (without FMA: within an ULP), lo the rest, to 2^-104 of hi.
template <class V> XACT_INLINE inline double_double<V> two_product(const V &a, const V &b) noexcept {
  if constexpr (has_fma<V>) {
    const V p = mul_add(a, b, V(-0.0));
    return {p, mul_sub(a, b, p)};
  } else {
    // The partial products are exact, so fusing them into their sums changes nothing; so are the sums of the second
    // part, in this order.
    const auto [ah, al] = cut(a);
    const auto [bh, bl] = cut(b);
    const V outer = ah * bh;
    const V p = outer + V(ah * bl + al * bh);
    return {p, V(V(V(V(outer - p) + ah * bl) + al * bh) + al * bl)};
  }
}

/// a * b where b has two parts.
template <class V> XACT_INLINE inline double_double<V> product(const V &a, const double_double<V> &b) noexcept {
  const double_double<V> p = two_product(a, b.hi);
  return {p.hi, mul_add(a, b.lo, p.lo)};
}

template <class V>
XACT_INLINE inline double_double<V> product(const double_double<V> &a, const double_double<V> &b) noexcept {
  const double_double<V> p = product(a.hi, b);
  return {p.hi, mul_add(a.lo, b.hi, p.lo)};
}

/// a * b rounded, b positive and in two parts; the sign is that of a for a zero too. a infinite gives NaN.
template <class V> XACT_INLINE inline V rounded_product(const V &a, const double_double<V> &b) noexcept {
  if constexpr (has_fma<V>) {
    return mul_sign(abs(mul_add(a, b.hi, V(a * b.lo))), a);
  } else {
    const auto tiny = abs(a) < V(0x1p-900); // FTZ would take the low parts of its products
    const double_double<V> p = product(V(a * select(tiny, V(0x1p100), V(1.0))), b);
    return mul_sign(abs(V(V(p.hi + p.lo) * select(tiny, V(0x1p-100), V(1.0)))), a);
  }
}

/// a / b, with an error of 2^-100 of it; hi is the quotient within an ULP.
template <class V>
XACT_INLINE inline double_double<V> quotient(const double_double<V> &a, const double_double<V> &b) noexcept {
  if constexpr (has_fma<V>) {
    const V inverse = V(1.0) / b.hi;
    const V q = mul_add(a.hi, inverse, V(-0.0));
    const V rest = neg_mul_add(q, b.lo, V(neg_mul_add(q, b.hi, a.hi) + a.lo));
    return {q, mul_add(rest, inverse, V(-0.0))};
  } else {
    const V q = a.hi / b.hi;
    const double_double<V> back = two_product(q, b.hi);
    const V rest = neg_mul_add(q, b.lo, V(V(V(a.hi - back.hi) - back.lo) + a.lo));
    return {q, V(rest / b.hi)};
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
