#pragma once

/// @file
/// Floating-point numbers of 16 and 8 bits as storage: one class template for all formats, correctly rounded both ways.

#include <xact/detail/config.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace xact {

inline namespace XACT_TYPES_NAMESPACE {

/// A format of 8 or 16 bits. `infinity` is false where the topmost exponent holds numbers and
/// only the all-ones code is NaN (e4m3). (The compiler's own type of a format is no part of it: whether there is one
/// hangs on compiler and flags.)
template <class Storage, int ExponentBits, int MantissaBits, bool Infinity> struct format {
  using storage = Storage;
  static constexpr int exponent_bits = ExponentBits;
  static constexpr int mantissa_bits = MantissaBits;
  static constexpr int bias = (1 << (ExponentBits - 1)) - 1;
  static constexpr bool infinity = Infinity;
  static constexpr unsigned nan =
      infinity ? ((1u << (ExponentBits + 1)) - 1) << (MantissaBits - 1) : (1u << (ExponentBits + MantissaBits)) - 1;
  static constexpr unsigned overflow = infinity ? ((1u << ExponentBits) - 1) << MantissaBits : nan;
  static constexpr unsigned sign = 1u << (ExponentBits + MantissaBits);
  static constexpr unsigned largest = overflow - 1; ///< the code of the largest finite number
};

} // namespace XACT_TYPES_NAMESPACE

inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

#if defined(__FLT16_MANT_DIG__) && (defined(__clang__) || __GNUC__ >= 13 || defined(__x86_64__) || defined(__i386__))
using native_float16 = _Float16;
#else
struct native_float16; // this compiler has none
#endif
#if defined(__BFLT16_MANT_DIG__) || (defined(__clang_major__) && __clang_major__ >= 17 && defined(__x86_64__))
using native_bfloat16 = __bf16;
#else
struct native_bfloat16;
#endif

/// The compiler's own type of a format, or one that is never complete.
template <class Format>
using native_of = std::conditional_t<Format::mantissa_bits == 10, native_float16,
                                     std::conditional_t<Format::mantissa_bits == 7, native_bfloat16, void>>;

/// The code nearest to x, ties to even.
template <class Format> constexpr typename Format::storage encode(double x) noexcept {
  const auto bits = __builtin_bit_cast(std::uint64_t, x);
  const auto sign = bits >> 63 ? Format::sign : 0u;
  const auto magnitude = bits & ~(std::uint64_t{1} << 63);
  const auto code = [&]() -> unsigned {
    constexpr int m = Format::mantissa_bits;
    if (magnitude > 0x7ffull << 52) {
      return Format::nan;
    }
    const int exponent = static_cast<int>(magnitude >> 52) - 1023;
    if (exponent > Format::bias) {
      if (Format::infinity || exponent > Format::bias + 1) {
        return Format::overflow;
      }
    }
    constexpr int smallest = 1 - Format::bias;
    const int drop = 52 - m + (exponent < smallest ? smallest - exponent : 0);
    if (drop > 54) { // below half of the smallest subnormal; double's own subnormals end here too
      return 0;
    }
    const auto significand = (magnitude & ((1ull << 52) - 1)) | 1ull << 52;
    const auto odd = significand >> drop & 1;
    const auto rounded = static_cast<unsigned>((significand + (1ull << (drop - 1)) - 1 + odd) >> drop);
    const unsigned base = exponent < smallest ? 0u : static_cast<unsigned>(exponent - smallest) << m;
    return base + rounded > Format::overflow ? Format::overflow : base + rounded;
  }();
  return static_cast<typename Format::storage>(sign | code);
}

/// The number that a code stands for; exact.
template <class Format> constexpr float decode(unsigned code) noexcept {
  constexpr int m = Format::mantissa_bits;
  const unsigned magnitude = code & (Format::sign - 1);
  const std::uint32_t sign = code & Format::sign ? 1u << 31 : 0u;
  if (magnitude >= Format::overflow) {
    const bool infinite = Format::infinity && magnitude == Format::overflow;
    const std::uint32_t payload = infinite ? 0u : 1u << 22 | (magnitude & ((1u << m) - 1)) << (23 - m);
    return __builtin_bit_cast(float, sign | 0xffu << 23 | payload);
  }
  if (magnitude < 1u << m && Format::bias < 127) { // subnormal: a multiple of 2^(1 - bias - m)
    const float unit = __builtin_bit_cast(float, static_cast<std::uint32_t>(127 + 1 - Format::bias - m) << 23);
    const float value = static_cast<float>(magnitude) * unit;
    return sign ? -value : value;
  }
  return __builtin_bit_cast(float,
                            sign | ((magnitude << (23 - m)) + (static_cast<unsigned>(127 - Format::bias) << 23)));
}

/// x as a double that rounds on as x itself does: what a double cannot hold makes its last bit odd.
template <class T> constexpr double to_odd_double(T x) noexcept {
  const auto d = static_cast<double>(x);
  if constexpr (std::is_same_v<T, long double>) {
    const auto rest = x - static_cast<long double>(d);
    const auto bits = __builtin_bit_cast(std::uint64_t, d);
    if (!(rest > 0 || rest < 0) || d == 0 || bits % 2 != 0) {
      return d;
    }
    return __builtin_bit_cast(double, (rest > 0) == (d > 0) ? bits + 1 : bits - 1);
  } else {
    return d;
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE

inline namespace XACT_TYPES_NAMESPACE {

/// A number of 16 or 8 bits, for storage: it converts correctly rounded (to nearest, ties to even) from every
/// floating-point type and exactly to float; arithmetic on it is float's. It has no constructor from an integer, which
/// may be a number or the bits of one: write float16(float(i)) or float16::from_bits(i).
///
/// @code
/// using e3m12 = xact::narrow_float<xact::format<std::uint16_t, 3, 12, true>>;
/// static_assert(float(e3m12(1.0001f)) == 1 && e3m12::from_bits(0x3000).bits == e3m12(1.0f).bits);
/// @endcode
template <class Format> struct narrow_float {
  using format = Format;
  using storage = typename Format::storage;

  storage bits; ///< sign, exponent and mantissa, as the format lays them out

  narrow_float() = default;

  template <class T>
    requires std::is_floating_point_v<T> || std::is_same_v<T, detail::native_of<Format>>
  XACT_INLINE constexpr narrow_float(T x) noexcept : bits(detail::encode<Format>(detail::to_odd_double(x))) {}

  XACT_INLINE constexpr operator float() const noexcept { return detail::decode<Format>(bits); }

  template <class T>
    requires std::is_same_v<T, detail::native_of<Format>>
  XACT_INLINE constexpr operator T() const noexcept {
    return static_cast<T>(detail::decode<Format>(bits));
  }

  /// The number with these bits.
  [[nodiscard]] XACT_INLINE static constexpr narrow_float from_bits(storage bits) noexcept {
    narrow_float x{};
    x.bits = bits;
    return x;
  }
};

} // namespace XACT_TYPES_NAMESPACE

inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

using e4m3 = narrow_float<format<std::uint8_t, 4, 3, false>>;
using e5m2 = narrow_float<format<std::uint8_t, 5, 2, true>>;

/// x in a narrow format, with what is too large held at the largest finite number.
template <class Small, class T> constexpr Small saturate_to(T x) noexcept {
  using S = typename Small::storage;
  constexpr auto largest = Small::from_bits(static_cast<S>(Small::format::largest));
  constexpr double bound = static_cast<double>(static_cast<float>(largest));
  const auto wide = static_cast<double>(x);
  return wide > bound    ? largest
         : wide < -bound ? Small::from_bits(static_cast<S>(Small::format::largest | Small::format::sign))
                         : Small(x);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
