// prelu and its gradient in the dispatch library, once per ISA.

#include "buffers.cpp"

#include <xact/prelu.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

using types::element;

/// The kernel of elements of E and slopes of S.
template <class E, class S> void prelu_between(const types::prelu_call &c) noexcept {
  const S *const slopes = static_cast<const S *>(c.slopes.data);
  const row_view<const E> x{static_cast<const E *>(c.x.data), c.count, c.columns, c.x_stride};
  const row_view<const E> dy{static_cast<const E *>(c.dy.data), c.count, c.columns, c.dy_stride};
  const row_view<E> out{static_cast<E *>(c.out.data), c.count, c.columns, c.out_stride};
  using V = native<product_t<E, E, S>>;
  c.gradient ? map_channels<V>(slopes, c.width, out, x, dy) : map_channels<V>(slopes, c.width, out, x);
}
using run_of_prelu = void (*)(const types::prelu_call &) noexcept;
inline run_of_prelu prelu_kernel(const types::prelu_call &c) noexcept {
  const element e = c.x.type, of_slopes = c.slopes.type;
  if (c.out.type != e || (c.gradient && c.dy.type != e) || (of_slopes != e && of_slopes != element::float32)) {
    return nullptr;
  }
  const bool same = of_slopes == e;
  return e == element::float32    ? prelu_between<float, float>
         : e == element::float64  ? same ? prelu_between<double, double> : nullptr
         : e == element::float16  ? same ? prelu_between<float16, float16> : prelu_between<float16, float>
          : e == element::bfloat16 ? same ? prelu_between<bfloat16, bfloat16> : prelu_between<bfloat16, float>
                                   : nullptr;
}

/// The slopes of n elements of a row from i on.
template <class T> void load_slopes(const types::prelu_call &c, std::size_t i, T *to, std::size_t n) noexcept {
  for (std::size_t k = 0; k < n;) {
    const std::size_t at = i + k, left = c.width == 1 ? c.columns - at : c.width - at % c.width;
    const std::size_t part = left < n - k ? left : n - k;
    load(c.slopes, at / c.width, own_element<T>, to + k, c.width == 1 ? part : 1);
    for (std::size_t j = 1; c.width != 1 && j < part; ++j) {
      to[k + j] = to[k];
    }
    k += part;
  }
}

/// All types, in parts of T.
template <class T> void prelu_in(const types::prelu_call &c) noexcept {
  constexpr std::size_t most = part_size * 8 / sizeof(T) / 4;
  constexpr element own = own_element<T>;
  alignas(64) T x[most], dy[most], slope[most];
  for (std::size_t r = 0; r < c.count; ++r) {
    each_part(c.columns, most, [&](std::size_t i, std::size_t n) {
      const T *const a = x, *const g = dy, *const s = slope;
      load(c.x, r * c.x_stride + i, own, x, n);
      load_slopes(c, i, slope, n);
      if (c.gradient) {
        load(c.dy, r * c.dy_stride + i, own, dy, n);
        map<native<T>>(sloped(), n, x, a, g, s);
      } else {
        map<native<T>>(sloped(), n, x, a, s);
      }
      store(own, x, c.out, r * c.out_stride + i, n);
    });
  }
}

template <class T> void sum_slopes(const types::prelu_call &c) noexcept {
  const auto elements = [](const types::source &from, std::size_t stride) {
    return [&from, stride](std::size_t r, std::size_t i, std::size_t n, T *buffer) -> const T * {
      if (from.type == own_element<T>) {
        return static_cast<const T *>(byte_at(from, r * stride + i));
      }
      load(from, r * stride + i, own_element<T>, buffer, n);
      return buffer;
    };
  };
  std::size_t channel = 0;
  sum_channels<T>(c.width, c.count, c.columns, elements(c.x, c.x_stride), elements(c.dy, c.dy_stride),
                  [&](double sum) { store(element::float64, &sum, c.d_slopes, channel++, 1); });
}

void run_prelu(const types::prelu_call &c) noexcept {
  const auto any = [&](element e) { return c.x.type == e || c.slopes.type == e || (c.gradient && c.dy.type == e); };
  if (c.gradient) {
    c.x.type == element::float64 || c.dy.type == element::float64 ? sum_slopes<double>(c) : sum_slopes<float>(c);
  }
  if (const run_of_prelu run = prelu_kernel(c)) {
    run(c);
  } else if (any(element::float64) || c.out.type == element::float64 ||
             (c.out.type != element::float32 && any(element::float32))) { // as product_t has it
    prelu_in<double>(c);
  } else {
    prelu_in<float>(c);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
