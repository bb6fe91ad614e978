#pragma once

/// @file
/// int32 -> scale -> activation -> 8 bits: in float where that decides the code, else in double, else one by one.

#include <xact/detail/lanes/convert.hpp>
#include <xact/detail/lanes/memory.hpp>
#include <xact/detail/quantized/codes.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What abs(f') stays below; 0 where nobody says.
template <class F> inline double lipschitz(const F &f) noexcept {
  if constexpr (requires { f.steepest(); }) {
    return f.steepest();
  } else {
    return 0;
  }
}

/// quantize<T>(f(scale * accumulator)), V being the float lanes.
template <class V, class T, class F> class requantizer {
public:
  requantizer(const F &of, float unit, const quantization &quant)
      : f(of), scale(unit), to(quant), inverse(1 / quant.scale),
        // Two units of 2^-24 in x, four of 2^-23 in f(x), two of 2^-24 in the quotient; twice that, for their products.
        // Where float could overflow or flush, infinity: double decides.
        error_of_x(ordinary(unit) && ordinary(quant.scale) ? static_cast<float>(lipschitz(of)) * inverse * 0x1p-22f
                                                           : infinity_of<float>),
        low(lowest_code<T> - quant.zero_point) {}

  void operator()(const std::int32_t *from, T *out, std::size_t n) const noexcept {
    std::size_t i = 0;
    for (; n - i >= block; i += block) {
      run(from + i, out + i);
    }
    if (i < n && n >= block) { // the last block again in part: `out` is another range than `from`
      run(from + (n - block), out + (n - block));
    } else if (i < n) {
      std::int32_t sums[block];
      T results[block];
      load_block(from, n, sums);
      run(sums, results);
      store_block(results, n, out);
    }
  }

private:
  static constexpr std::size_t block = 64; // enough for the conversion to bytes to be in vectors
  static constexpr std::size_t step = lane_traits<V>::size;
  static constexpr float to_integer = 0x1.8p23f;
  using Int = integer_t<V>;

  static bool ordinary(float x) noexcept { return x > 0x1p-80f && x < 0x1p80f; }

  const F &f;
  float scale;
  quantization to;
  float inverse, error_of_x;
  int low;

  XACT_INLINE void run(const std::int32_t *from, T *out) const noexcept {
    static_assert(block % step == 0);
    std::int32_t code[block];
    for (std::size_t i = 0; i < block; i += step) {
      store_lanes(codes_of(from + i), code + i);
    }
    for (std::size_t i = 0; i < block; ++i) {
      out[i] = static_cast<T>(code[i]);
    }
  }

  XACT_INLINE Int codes_of(const std::int32_t *from) const noexcept {
    const Int a = load_lanes<Int>(from);
    // Both halves are exact as floats, their sum in double too.
    const V upper = as_float(Int((Int(a >> 16) + Int(0x8000)) | Int(0x4b000000))) - V(0x1p23f + 0x1p15f);
    const V lower = as_float(Int((a & Int(0xffff)) | Int(0x4b000000))) - V(0x1p23f);
    if constexpr (requires { f.steepest(); }) {
      const V x = (upper * V(0x1p16f) + lower) * V(scale);
      const V steps = evaluate<tier::standard>(f, x) * V(inverse);
      const V held = at_most(at_least(steps, V(static_cast<float>(low))), V(static_cast<float>(low + 255)));
      const V shifted = held + V(to_integer);
      const V off = abs(V(held - V(shifted - V(to_integer))));
      const V error = abs(steps) * V(0x1p-20f) + abs(x) * V(error_of_x);
      if (!any_lane(!(error < V(V(0.5f) - off)))) [[likely]] {
        return integers(shifted);
      }
    }
    return wide_codes_of(from, upper, lower);
  }

  XACT_INLINE Int integers(const V &shifted) const noexcept {
    return as_integer(shifted) + Int(to.zero_point - 0x4b400000);
  }

  XACT_INLINE Int wide_codes_of(const std::int32_t *from, const V &upper, const V &lower) const noexcept {
    using W = wide_t<V>;
    constexpr bool exact = facts_of<F>().exact;
    const W x = (to_double(upper) * W(0x1p16) + to_double(lower)) * W(static_cast<double>(scale));
    const W y = evaluate<tier::accurate>(f, x);
    const W s(static_cast<double>(to.scale));
    const W held = at_most(at_least(W(y / s), W(static_cast<double>(low))), W(static_cast<double>(low + 255)));
    const W rounded = W(held + W(0x1.8p52)) - W(0x1.8p52);
    const W middle = rounded + select(held < rounded, W(-0.5), W(0.5));
    const W off = abs(W(y - middle * s));
    auto unsure = off < abs(y) * W(0x1p-50);
    if constexpr (exact) {
      unsure = unsure & (W(0.0) < off);
    }
    if (any_lane(unsure)) [[unlikely]] {
      std::int32_t code[step];
      for (std::size_t k = 0; k < step; ++k) {
        code[k] = quantize<T>(leaning_of(f, static_cast<double>(from[k]) * static_cast<double>(scale)), to);
      }
      return load_lanes<Int>(code);
    }
    return integers(V(to_float(select(rounded == rounded, rounded, W(0.0))) + V(to_integer)));
  }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
