#pragma once

/// @file
/// The census of contiguous elements, from their bits: so one code does for all formats, and subnormals are seen under
/// DAZ too.

#include <xact/detail/call/arguments.hpp>
#include <xact/detail/lanes/extremes.hpp>
#include <xact/detail/types/census.hpp>
#include <xact/detail/types/quantization.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// A floating-point type's codes as signed integers.
template <class E> struct float_codes {
  static constexpr int mantissa_bits = format_t<E>::mantissa_bits;
  static constexpr bool has_infinity = format_t<E>::infinity;
  using code = std::conditional_t<sizeof(E) == 1, std::int8_t, std::int16_t>;
  using lanes = native<code>;
};
template <computed_type E> struct float_codes<E> {
  static constexpr int mantissa_bits = sizeof(E) == 4 ? 23 : 52;
  static constexpr bool has_infinity = true;
  using code = integer_t<E>;
  using lanes = integer_t<native<E>>;
};

/// Counts elements of one type, range after range.
///
/// Whether a block holds anything but normal numbers is told by the extremes of its codes: no branch and no count.
/// Zeros are counted in a second attempt (half of relu's results are 0), all else in a third; the next block begins
/// with the attempt that its neighbour needed.
template <class E> class inspector {
  using Codes = float_codes<E>;
  using S = typename Codes::code;
  using U = std::make_unsigned_t<S>;
  static constexpr bool narrow = !computed_type<E>;

public:
  using C = typename Codes::lanes;

  /// Counts n elements; the first has the index `first`.
  void operator()(const E *from, std::size_t n, std::size_t first) noexcept {
    found.count += n;
    std::size_t i = 0;
    while (n - i >= step) {
      const std::size_t registers = (n - i) / step < block ? (n - i) / step : block;
      if (!(level == 0 && all_normal(from + i, registers)) && !(level <= 1 && all_but_zeros(from + i, registers))) {
        count(from + i, registers, first + i);
      }
      i += registers * step;
    }
    if (i == n) {
      return;
    }
    E few[step];
    if (n < step) {
      for (std::size_t k = 0; k < step; ++k) {
        few[k] = from[k < n ? k : 0];
      }
    }
    if (!all_normal(n < step ? few : from + (n - step), 1)) { // to look at some twice changes no extremes
      for (; i < n; ++i) {
        count_one(from[i], first + i);
      }
    }
  }

  census result() const noexcept {
    census all = found;
    add_ends(all, normals);
    if (any_other) {
      add_ends(all, others);
    }
    if (all.zero != 0) {
      add_number(all, 0);
    }
    return all;
  }

  /// For a loop that adds what it writes to a copy of the extremes, and then has it `accepted`: which it is not when
  /// there was something special in it. Not worth a try where there was before.
  bool expects_special() const noexcept { return level != 0; }
  const code_extremes<C> &extremes() const noexcept { return normals; }
  XACT_INLINE bool accepts(const code_extremes<C> &more, std::size_t n) noexcept {
    if (has_special(more)) {
      return false;
    }
    normals = more;
    found.count += n;
    return true;
  }

private:
  static constexpr std::size_t step = lane_traits<C>::size;
  static constexpr std::size_t block = 32; ///< registers

  // Magnitudes.
  static constexpr S all_bits = (std::numeric_limits<S>::max)();
  static constexpr S normal = static_cast<S>(S{1} << Codes::mantissa_bits); ///< the smallest
  static constexpr S infinity = static_cast<S>(all_bits - (normal - 1));
  static constexpr S largest = static_cast<S>((Codes::has_infinity ? infinity : all_bits) - 1);
  static constexpr S not_nan = Codes::has_infinity ? infinity : largest; ///< the highest
  static constexpr S special = narrow ? largest : infinity;              ///< from here on something is to be counted
  static constexpr S sign = (std::numeric_limits<S>::min)();

  census found;  ///< with the extremes of single elements
  int level = 0; ///< what the block before had: nothing special, zeros, something else
  bool any_other = false;
  code_extremes<C> normals; ///< of blocks of nothing else, and zeros that are counted
  code_extremes<C> others;  ///< of the other blocks, without NaN

  XACT_INLINE static C load(const E *from) noexcept {
    C code;
    if constexpr (!narrow) {
      code = as_integer(load_lanes<native<E>>(from));
    } else if constexpr (std::is_arithmetic_v<C>) {
      code = __builtin_bit_cast(S, *from);
    } else {
      code = C::load_unaligned(reinterpret_cast<const S *>(from));
    }
#if defined(__x86_64__) || defined(__i386__)
    if constexpr (!std::is_arithmetic_v<C>) {
      asm("" : "+x"(code.data)); // else g++ loads it once for each operation that takes it: 1.5 times the time
    }
#endif
    return code;
  }
  static double number(S code) noexcept {
    if constexpr (narrow) {
      return static_cast<double>(decode<format_t<E>>(static_cast<U>(code)));
    } else {
      return static_cast<double>(as_float(code));
    }
  }
  static void add_number(census &all, S code) noexcept {
    census one;
    one.minimum = one.maximum = number(code);
    all.merge(one);
  }
  static void add_ends(census &all, const code_extremes<C> &codes) noexcept {
    if (const auto ends = codes.ends(); ends.any) {
      add_number(all, ends.minimum);
      add_number(all, ends.maximum);
    }
  }

  /// Whether a magnitude is below normal or not below `special`.
  XACT_INLINE static bool has_special(const code_extremes<C> &x) noexcept {
    const C below(static_cast<S>(special - 1));
    return any_lane((below < x.most) | (below < C(x.most_unsigned ^ C(sign))) | (x.least < C(normal)));
  }

  /// Whether a block is of normal numbers, not the largest of a narrow type; then its extremes count.
  XACT_INLINE bool all_normal(const E *from, std::size_t registers) noexcept {
    code_extremes<C> x = normals;
    std::size_t k = 0;
    for (; k + 4 <= registers; k += 4) {
      const E *const at = from + k * step;
      x.add(load(at), load(at + step));
      x.add(load(at + 2 * step), load(at + 3 * step));
    }
    for (; k < registers; ++k) {
      x.add(load(from + k * step));
    }
    if (has_special(x)) {
      return false;
    }
    normals = x;
    return true;
  }
  XACT_INLINE bool all_but_zeros(const E *from, std::size_t registers) noexcept {
    code_extremes<C> x = normals;
    std::size_t zeros = 0;
    for (std::size_t k = 0; k < registers; ++k) {
      const C code = load(from + k * step);
      const auto is_zero = code == C(S(0));
      zeros += lanes_set(is_zero);
      x.add_but_zeros(code, is_zero);
    }
    level = zeros != 0;
    if (has_special(x)) {
      return false;
    }
    found.zero += zeros;
    normals = x;
    return true;
  }

  /// Counts a block with something else in it.
  void count(const E *from, std::size_t registers, std::size_t index) noexcept {
    code_extremes<C> all = others;
    bool any_large = false;
    std::size_t zeros = 0, negative_zeros = 0, below_normal = 0;
    for (std::size_t k = 0; k < registers; ++k) {
      const C x = load(from + k * step);
      const C magnitude = x & C(all_bits);
      zeros += lanes_set(x == C(S(0)));
      negative_zeros += lanes_set(x == C(sign));
      below_normal += lanes_set(magnitude < C(normal));
      if (any_lane(C(static_cast<S>(special - 1)) < magnitude)) {
        count_large(x, magnitude, index + k * step);
        any_large = true;
      }
      all.add_where(magnitude <= C(not_nan), x);
    }
    found.zero += zeros;
    found.negative_zero += negative_zeros;
    found.subnormal += below_normal - zeros - negative_zeros;
    others = all;
    any_other = true;
    level = any_large || below_normal != zeros ? 2 : zeros != 0;
  }

  XACT_INLINE void count_large(const C &x, const C &magnitude, std::size_t index) noexcept {
    const auto nan = C(not_nan) < magnitude;
    if (any_lane(nan)) {
      found.nan += lanes_set(nan);
      note_nan(index + first_set(nan));
    }
    if constexpr (Codes::has_infinity) {
      found.positive_infinity += lanes_set(x == C(infinity));
      found.negative_infinity += lanes_set(x == C(static_cast<S>(infinity | sign)));
    }
    if constexpr (narrow) {
      found.saturated_high += lanes_set(x == C(largest));
      found.saturated_low += lanes_set(x == C(static_cast<S>(largest | sign)));
    }
  }
  void note_nan(std::size_t index) noexcept { found.first_nan = index < found.first_nan ? index : found.first_nan; }

  void count_one(const E &x, std::size_t index) noexcept {
    const auto code = __builtin_bit_cast(S, x);
    const auto magnitude = static_cast<S>(code & all_bits);
    const std::size_t negative = code < 0, positive = 1 - negative;
    if (magnitude > not_nan) {
      ++found.nan;
      note_nan(index);
      return;
    }
    if (magnitude == 0) {
      found.zero += positive;
      found.negative_zero += negative;
    } else if (magnitude < normal) {
      ++found.subnormal;
    } else if (magnitude > largest) {
      found.positive_infinity += positive;
      found.negative_infinity += negative;
    } else if (narrow && magnitude == largest) {
      found.saturated_high += positive;
      found.saturated_low += negative;
    }
    add_number(found, code);
  }
};

/// Integer codes, as numbers without a sign in the order of what they stand for: of pairs first one half of each byte,
/// then the other.
template <class T>
  requires(code_type<T> && !narrow_element<T>)
class inspector<T> {
  using C = native<std::uint8_t>;
  static constexpr std::size_t step = lane_traits<C>::size;
  static constexpr bool pairs = std::same_as<T, int4_pair>;

public:
  void operator()(const T *from, std::size_t n, std::size_t) noexcept {
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(from);
    if constexpr (pairs) {
      count<15, 8>(bytes, n);
      count<0xf0, 0x80>(bytes, n);
    } else {
      count<0xff, std::same_as<T, std::int8_t> ? 0x80 : 0>(bytes, n);
    }
  }
  census result() const noexcept { return found; }

private:
  census found;

  /// (byte & Mask) ^ Flip is Flip for 0, and 0 and Mask at the ends.
  template <std::uint8_t Mask, std::uint8_t Flip> void count(const std::uint8_t *from, std::size_t n) noexcept {
    std::uint8_t low = Mask, high = 0;
    C below(low), above(high);
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      const C c = C(load_lanes<C>(from + i) & C(Mask)) ^ C(Flip);
      below = at_most(below, c);
      above = at_least(above, c);
      found.zero += lanes_set(c == C(Flip));
      found.saturated_low += lanes_set(c == C(std::uint8_t{0}));
      found.saturated_high += lanes_set(c == C(Mask));
    }
    low = fold(below, extreme<false, std::uint8_t>);
    high = fold(above, extreme<true, std::uint8_t>);
    for (; i < n; ++i) {
      const auto c = static_cast<std::uint8_t>((from[i] & Mask) ^ Flip);
      low = c < low ? c : low;
      high = c < high ? high : c;
      found.zero += c == Flip;
      found.saturated_low += c == 0;
      found.saturated_high += c == Mask;
    }
    if (n != 0) {
      constexpr int unit = Mask == 0xf0 ? 16 : 1;
      census all;
      all.count = n;
      all.minimum = (low - Flip) / unit;
      all.maximum = (high - Flip) / unit;
      found.merge(all);
    }
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
