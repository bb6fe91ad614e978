#pragma once

/// @file
/// Ranges of real numbers to codes and back, a block at a time.

#include <xact/detail/call/narrow.hpp>
#include <xact/detail/lanes/memory.hpp>
#include <xact/detail/lanes/reduce.hpp>
#include <xact/detail/quantized/codes.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// run(from, to, count) for blocks of N elements of `from`, the last of which may be less: it goes through buffers.
template <std::size_t N, std::size_t M, class From, class To, class Run>
XACT_INLINE inline void in_blocks(const From *from, To *to, std::size_t n, std::size_t m, const Run &run) {
  std::size_t i = 0, k = 0;
  for (; n - i >= N && m - k >= M; i += N, k += M) {
    run(from + i, to + k);
  }
  if (i < n) {
    From x[N] = {};
    To y[M];
    copy_n(from + i, n - i, x);
    run(static_cast<const From *>(x), y);
    copy_n(static_cast<const To *>(y), m - k, to + k);
  }
}

/// Enough for compilers to narrow and widen bytes in vectors.
inline constexpr std::size_t code_block = 64;

/// Real numbers to codes of T: of 8-bit floats by a quotient in double; of integers by a product in float, where that
/// decides the code, else by the quotient. V are the float lanes.
///
/// The quotient of two floats is a middle between codes exactly, or differs from it by 2^-29 of it, so that it may be
/// rounded to double first. Of a double and a float it may be nearer, and is compared with the middle.
template <class V, class T> class quantizer {
public:
  explicit quantizer(const quantization &quant)
      : to(quant), inverse(1 / quant.scale), in_float(quant.scale > 0x1p-100f && quant.scale < 0x1p100f),
        low(static_cast<float>(lowest_code<T> - quant.zero_point)), high(low + static_cast<float>(codes<T> - 1)) {}

  template <class E> void operator()(const E *from, std::size_t n, T *out, std::size_t m) const noexcept {
    in_blocks<code_block, code_block / codes_each<T>>(from, out, n, m, [&](const E *x, T *y) XACT_INLINE {
      std::int32_t code[code_block];
      for (std::size_t i = 0; i < code_block; i += lane_traits<V>::size) {
        store_lanes(codes_of(x + i), code + i);
      }
      for (std::size_t i = 0; i < code_block / codes_each<T>; ++i) {
        if constexpr (std::same_as<T, int4_pair>) {
          y[i].bits = static_cast<std::uint8_t>((code[2 * i] & 15) | (code[2 * i + 1] & 15) << 4);
        } else if constexpr (is_float8<T>) {
          y[i].bits = static_cast<std::uint8_t>(code[i]);
        } else {
          y[i] = static_cast<T>(code[i]);
        }
      }
    });
    if constexpr (codes_each<T> == 2) { // the number that fills the last pair up is 0, as a code
      if (n % 2 != 0) {
        out[m - 1].bits &= 15;
      }
    }
  }

private:
  static constexpr float to_integer = 0x1.8p23f;
  using Int = integer_t<V>;
  using W = wide_t<V>;

  quantization to;
  float inverse;
  bool in_float;
  float low, high;

  XACT_INLINE Int integers(const V &shifted) const noexcept {
    return as_integer(shifted) + Int(to.zero_point - 0x4b400000);
  }

  template <class E> XACT_INLINE Int codes_of(const E *from) const noexcept {
    if constexpr (is_float8<T>) {
      return float8_codes(from);
    } else {
      if constexpr (!std::same_as<E, double>) {
        if (in_float) {
          const V steps = load_lanes<V>(from) * V(inverse);
          const V held = at_most(at_least(steps, V(low)), V(high));
          const V shifted = held + V(to_integer);
          const V off = abs(V(held - V(shifted - V(to_integer))));
          // Half a unit of 2^-23 in the inverse, as much in the product; twice that.
          if (!any_lane(!(abs(held) * V(0x1p-22f) < V(V(0.5f) - off)))) [[likely]] {
            return integers(shifted);
          }
        }
      }
      return integers(V(to_float(rounded_steps(from)) + V(to_integer)));
    }
  }

  XACT_INLINE static W round(const W &x) noexcept { return W(x + W(0x1.8p52)) - W(0x1.8p52); }
  XACT_INLINE W held(const W &x) const noexcept {
    return at_most(at_least(x, W(static_cast<double>(low))), W(static_cast<double>(high)));
  }

  template <class E> XACT_INLINE W rounded_steps(const E *from) const noexcept {
    const W x = load_wide<V>(from);
    const W scale(static_cast<double>(to.scale));
    const W steps = held(W(x / scale));
    W rounded = round(steps);
    if constexpr (std::same_as<E, double>) {
      const W middle = rounded + select(steps < rounded, W(-0.5), W(0.5));
      const W off = x - middle * scale; // the product is exact
      const W side = select(off < W(0.0), W(-0.25), select(W(0.0) < off, W(0.25), W(0.0)));
      rounded = held(round(W(middle + side)));
    }
    return select(x == x, rounded, W(0.0));
  }

  template <class E> XACT_INLINE Int float8_codes(const E *from) const noexcept {
    using Format = typename T::format;
    constexpr double largest = static_cast<double>(decode<Format>(Format::largest));
    const W x = load_wide<V>(from);
    const W scale(static_cast<double>(to.scale));
    W steps = at_most(at_least(W(x / scale), W(-largest)), W(largest));
    if constexpr (std::same_as<E, double>) {
      using Wide = integer_t<W>;
      const W cut_off = as_float(Wide(as_integer(steps) & Wide(-(std::int64_t{1} << 40))));
      const W off = select(cut_off == steps, W(x - steps * scale), W(0.0)); // a middle's product is exact
      const W nudge = abs(steps) * W(0x1p-50);
      steps = select(off == W(0.0), steps, W(steps + mul_sign(nudge, off))); // -0 stays
    }
    return encode_lanes<Format>(V(to_float(round_wide<Format>(steps))));
  }
};

/// Codes of T to real numbers, each rounded once: a product of a code and a scale is exact in double.
template <class V, class T> class dequantizer {
public:
  explicit dequantizer(const quantization &quant) : from(quant) {}

  template <class O> void operator()(const T *in, std::size_t n, O *out, std::size_t m) const noexcept {
    in_blocks<code_block / codes_each<T>, code_block>(in, out, n, m, [&](const T *q, O *y) XACT_INLINE {
      constexpr std::size_t step = lane_traits<V>::size;
      if constexpr (is_float8<T>) {
        for (std::size_t i = 0; i < code_block; i += step) {
          store(load_lanes<V>(q + i), y + i);
        }
      } else {
        std::int32_t number[code_block];
        for (std::size_t i = 0; i < code_block / codes_each<T>; ++i) {
          if constexpr (std::same_as<T, int4_pair>) {
            number[2 * i] = q[i].first() - from.zero_point;
            number[2 * i + 1] = q[i].second() - from.zero_point;
          } else {
            number[i] = q[i] - from.zero_point;
          }
        }
        for (std::size_t i = 0; i < code_block; i += step) {
          const Int x = load_lanes<Int>(static_cast<const std::int32_t *>(number + i)) + Int(0x4b400000);
          store(V(as_float(x) - V(0x1.8p23f)), y + i);
        }
      }
    });
  }

private:
  using Int = integer_t<V>;
  using W = wide_t<V>;

  quantization from;

  template <class O> XACT_INLINE void store(const V &x, O *to) const noexcept {
    if constexpr (std::same_as<O, float>) {
      store_lanes(V(x * V(from.scale)), to);
    } else {
      const W y = to_double(x) * W(static_cast<double>(from.scale));
      if constexpr (std::same_as<O, double>) {
        store_lanes(y, to);
      } else {
        const W rounded = round_wide<format_t<O>>(y);
        store_lanes(V(to_float(is_float8<T> ? W(select(W(y - y) == W(0.0), rounded, y)) : rounded)), to);
      }
    }
  }
};

/// The numbers of a range, and 0: the least and the largest. NaN and infinities are left out.
struct span_of_numbers {
  double low = 0, high = 0;

  template <class E> void add(const E *from, std::size_t n) noexcept {
    using S = std::conditional_t<std::same_as<E, double>, double, float>;
    using V = native<S>;
    constexpr std::size_t step = lane_traits<V>::size;
    const V zero(S(0));
    V most = zero, least = zero; // `least` with its sign turned
    const auto add_lanes = [&](const V &x) XACT_INLINE {
      const V number = select(V(x - x) == zero, x, zero);
      most = at_least(most, number);
      least = at_least(least, mul_sign(number, V(S(-1))));
    };
    std::size_t i = 0;
    for (; n - i >= step; i += step) {
      add_lanes(load_lanes<V>(from + i));
    }
    if (i < n) {
      add_lanes(load_first<V>(from + i, n - i));
    }
    const auto up = static_cast<double>(reduce(most, larger_of_two()));
    const auto down = -static_cast<double>(reduce(least, larger_of_two()));
    high = up > high ? up : high;
    low = down < low ? down : low;
  }
};

/// The quantization of T in which all of them are codes: of integers the least at the lowest code and the largest at
/// the highest, 0 being a code; of 8-bit floats the largest magnitude at the largest number.
template <class T> inline quantization quantization_of(const span_of_numbers &numbers) noexcept {
  const double most = numbers.high > -numbers.low ? numbers.high : -numbers.low;
  if (most == 0) {
    return {};
  }
  double scale;
  if constexpr (is_float8<T>) {
    scale = most / static_cast<double>(decode<typename T::format>(T::format::largest));
  } else {
    constexpr double steps = codes<T> - 1;
    scale = numbers.high / steps - numbers.low / steps;
  }
  constexpr float largest = 0x1.fffffep127f;
  auto rounded = scale > static_cast<double>(largest) ? largest : static_cast<float>(scale);
  if (rounded < 0x1p-126f && static_cast<double>(rounded) < scale) { // a unit counts there, and 0 is no scale
    rounded = __builtin_bit_cast(float, __builtin_bit_cast(std::int32_t, rounded) + 1);
  }
  quantization q{.scale = rounded, .zero_point = 0};
  if constexpr (!is_float8<T>) {
    constexpr int low = lowest_code<T>;
    q.zero_point = low + nearest(-numbers.low / static_cast<double>(rounded), 0, 0, codes<T> - 1);
  }
  return q;
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
