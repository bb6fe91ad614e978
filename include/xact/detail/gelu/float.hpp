#pragma once

/// @file
/// The float kernels of gelu and gelu_tanh: max(x, 0) - a * root^2, a = abs(x), the root from segments, and e^... in
/// the tail. Constants: tests/sollya/gelu_float.py.

#include <xact/detail/gelu/tail.hpp>
#include <xact/detail/types/facts.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// max(x, 0) - a * root^2 for x >= -S.limit, in the default tier. With AVX2 9 operations go to two ports (FMA), 8 to
/// two (look-ups), one port being in both, and 5 elsewhere: 6 cycles a batch at best, 8 as measured; and a branch to
/// the tail that was not foreseen costs 25, a tenth of all at N(0, 2). What was tried besides (AVX2, g++, gelu_tanh,
/// ns; as it is 0.32): pairs of coefficients 0.36; the last one in the low half of the centre, so 7 look-ups, 0.33; the
/// tail in a second pass over batches noted down 0.33; e^(-2u) in every lane 0.37, for any sigma.
template <const auto &S, class V> XACT_INLINE inline V standard_gelu(const V &x) noexcept {
  const V a = bounded_abs(x, S.limit);
  const V root = evaluate<S>(locate<S>(a));
  return neg_mul_add(a, V(root * root), at_least(x, V(0.0f))); // no a * root: flushed to zero, it would leave x
}

/// The same within 1 ULP, with p itself from the segments: a * (1 - p) or a * -p, the factor in two parts.
template <const auto &S, class V> XACT_INLINE inline V accurate_gelu(const V &x) noexcept {
  const V a = bounded_abs(x, S.limit);
  const double_double<V> p = evaluate_double_double<S>(locate<S>(a));
  const V one = select(x < V(0.0f), V(0.0f), V(1.0f));
  const V factor = one - p.hi;
  const V factor_error = V(V(one - factor) - p.hi) - p.lo;
  const V y = mul_add(abs(x), factor, V(a * factor_error));
  return as_float(integer_t<V>(as_integer(y) | sign_bit(x))); // -0 for -0
}

/// How many batches go through such a kernel together, `Rounded` of them in the exact tier. At N(0, 2), against one by
/// one: four with AVX-512 gain up to 9 % in the default tier and 25 % in the accurate one (over two, 12 %). With AVX2
/// g++ gains 6 % by four in the default tier, 10 % by three in the accurate one; clang runs out of registers, and two
/// of either tier lose 3 to 8 %. Two of double are 20 to 30 % faster than one; of float in double two of gelu 3 %,
/// three of gelu_tanh 25 %.
template <std::size_t Rounded>
inline constexpr facts::batches gelu_together = [] {
  constexpr std::size_t in_double = by_width(4, Rounded == 2 ? 2 : 1, 1);
  if (8 < cheap_table<native<float>>) {
    return facts::batches{4, 4, Rounded, in_double};
  }
#if defined(__AVX2__) && !defined(__clang__)
  return facts::batches{4, 3, Rounded, in_double};
#else
  return facts::batches{1, 1, Rounded, in_double};
#endif
}();

/// The kernel of a tier, from its segments; fallback(x) gives the lanes below them.
template <class Tier, const auto &S, class V, class F>
XACT_INLINE inline V float_gelu(const V &x, F fallback) noexcept {
  V y;
  if constexpr (std::is_same_v<Tier, tier::standard>) {
    y = standard_gelu<S>(x);
  } else {
    y = accurate_gelu<S>(x);
  }
  if (!all_at_least(x, -S.limit)) [[unlikely]] {
    y = replace_tail(x, y, -S.limit, fallback);
  }
  return y;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
