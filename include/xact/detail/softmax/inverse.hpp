#pragma once

/// @file
/// Division of softmax's terms by their sum.

#include <xact/detail/numbers/double_double.hpp>
#include <xact/detail/softmax/exp.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Divides float lanes by a sum of at least 2^63: a product with the inverse, in two parts in the default tier.
template <class Tier> class float_inverse {
public:
  static constexpr bool of_terms = true; // see softmax_rows

  float_inverse() = default;
  explicit float_inverse(const double_double<float> &x) noexcept : high(x.hi), low(x.lo) {}
  explicit float_inverse(double sum) noexcept : float_inverse(of_rows(sum)) {}

  /// The two parts for many rows.
  template <class W> XACT_INLINE static auto of_rows(const W &sum) noexcept {
    const W inverse = W(1.0) / sum;
    const auto hi = to_float(inverse);
    return double_double<std::remove_const_t<decltype(hi)>>{hi, to_float(W(inverse - to_double(hi)))};
  }

  /// Where no quotient is subnormal.
  template <class V> XACT_INLINE V operator()(const V &x) const noexcept { return product(x, high, low); }

  /// Subnormal quotients too, with the same bits else, for 3 operations more (of softmax's 0.26 ns an element 0.03;
  /// AVX-512, Zen 4). Hardware may take 150 cycles over a subnormal result (Zen 5: 11); here it is an integer. y is the
  /// quotient times 2^101. Where that is normal, 101 off the exponent gives it; where not, what the bits of
  /// y/2 + 2^-26, which ends where the quotient shall end, have more than those of 2^-26, which is 101 off the exponent
  /// too. The larger of the two is always the right one.
  template <class V> XACT_INLINE V by_integers(const V &x) const noexcept {
    using I = integer_t<V>;
    const V y = product(x, high * 0x1p101f, low * 0x1p101f);
    const V subnormal = standard ? fused(x, V(high * 0x1p100f), V(0x1p-26f)) : mul_add(y, V(0.5f), V(0x1p-26f));
    return as_float(I(at_least(as_integer(y), as_integer(subnormal)) - I(101 << 23)));
  }

private:
  static constexpr bool standard = is_fast<Tier>;

  template <class V> XACT_INLINE static V product(const V &x, float a, float b) noexcept {
    if constexpr (standard) {
      return x * V(a);
    } else {
      return mul_add(x, V(a), V(x * V(b)));
    }
  }

  float high = 0;
  float low = 0;
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
