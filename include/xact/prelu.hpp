#pragma once

/// @file
/// PReLU and its gradient, with a slope a channel.

#include <xact/concepts.hpp>
#include <xact/detail/call/loop.hpp>
#include <xact/detail/call/mistakes.hpp>
#include <xact/detail/softmax/pairs.hpp>
#include <xact/detail/types/channels.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// x or slope * x, by operands of which the last is the slope: prelu's (x, slope), and its derivative's (x, dy, slope).
struct sloped {
  template <class V> XACT_INLINE V operator()(const V &x, const V &slope) const noexcept {
    return select(x < V(scalar_t<V>(0)), V(x * slope), x);
  }
  template <class V> XACT_INLINE V operator()(const V &x, const V &dy, const V &slope) const noexcept {
    return unless_nan(x, select(V(scalar_t<V>(0)) < x, dy, V(dy * slope)));
  }
};

/// The type that a product of an element and a slope is computed in, so that it is rounded once: double where a float's
/// would be rounded to float before it is rounded to 16 or 8 bits.
template <class Out, class... In>
using product_t =
    std::conditional_t<narrow_element<Out> && (std::same_as<In, float> || ...), double, compute_t<Out, In...>>;

/// Arguments of prelu.
template <class F, class... Args> inline constexpr bool takes_channels = false;
template <class F, class In, readable_range Slopes, class Out>
  requires all_channels<In, Out>
inline constexpr bool takes_channels<F, In, Slopes, Out> = writable_channels<Out>;

template <class F, class T> struct with_slope {
  T slope;
  template <class V, class... Rest> XACT_INLINE V operator()(const V &x, const Rest &...rest) const noexcept {
    return F{}(x, rest..., V(slope));
  }
};

/// One row, or several of them together: `step` elements at a time, which have the same slopes.
template <class V, class S, class Out, class... In>
void map_row(const S *slope, std::size_t step, std::size_t n, Out *out, const In *...in) noexcept {
  for (std::size_t i = 0; i < n; i += step) {
    map<V>(sloped(), n - i < step ? n - i : step, out + i, (in + i)..., slope);
  }
}

/// out = f(in..., slope) of all channels. Rows of fewer than 128 slopes go through the loop several together.
template <class V, class S, class Out, class... In>
void map_channels(const S *slope, std::size_t width, const row_view<Out> &out, const row_view<In> &...in) noexcept {
  constexpr std::size_t wide_enough = 128;
  const std::size_t columns = out.columns;
  if (width != 1) {
    for (std::size_t r = 0; r < out.count; ++r) {
      for (std::size_t at = 0, c = 0; at < columns; at += width, ++c) {
        map<V>(with_slope<sloped, scalar_t<V>>{static_cast<scalar_t<V>>(slope[c])}, width, out[r] + at,
               static_cast<const std::remove_const_t<In> *>(in[r] + at)...);
      }
    }
  } else if (out.stride == columns && ((in.stride == columns) && ...)) {
    S repeated[wide_enough];
    std::size_t step = columns;
    if (columns != 0 && columns < wide_enough) {
      step = wide_enough / columns * columns;
      for (std::size_t i = 0; i < step; ++i) {
        repeated[i] = slope[i % columns];
      }
      slope = repeated;
    }
    map_row<V>(slope, step, out.count * columns, out.data, static_cast<const std::remove_const_t<In> *>(in.data)...);
  } else {
    for (std::size_t r = 0; r < out.count; ++r) {
      map_row<V>(slope, columns, columns, out[r], static_cast<const std::remove_const_t<In> *>(in[r])...);
    }
  }
}

/// write(the sum of x * dy where x is not above 0) of each channel, in double. With a slope for each element of a row
/// they are added row after row; else 32 sums over the elements 32 apart are, and then those. x(r, i, n, buffer) gives
/// elements of row r as T, and so does dy.
template <class T, class X, class DY, class Write>
[[gnu::noinline]] void sum_channels(std::size_t width, std::size_t rows, std::size_t columns, const X &x, const DY &dy,
                                    const Write &write) noexcept {
  constexpr std::size_t chunk = 4096 / sizeof(T);
  alignas(64) T x_buffer[chunk], dy_buffer[chunk];
  const std::size_t together = width == 1 ? 32 : width;
  for (std::size_t at = 0; at < columns; at += together) {
    const std::size_t end = columns - at < together ? columns : at + together;
    double lane[32] = {};
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t i = at; i < end; i += chunk) {
        const std::size_t n = end - i < chunk ? end - i : chunk;
        add_pairs(lane, n, x(r, i, n, x_buffer), dy(r, i, n, dy_buffer),
                  [](const auto &p, const auto &g, const auto &s) XACT_INLINE {
                    using W = std::remove_cvref_t<decltype(s)>;
                    return select(W(0.0) < p, s, mul_add(p, g, s));
                  });
      }
    }
    if (width != 1) {
      write(sum_of_all(lane));
    }
    for (std::size_t i = at; width == 1 && i < end; ++i) {
      write(lane[i - at]);
    }
  }
}

} // namespace detail

/// Parametric ReLU: x where x > 0, slope * x else, with a slope for each channel.
///
/// `prelu(in, slopes, out)`: a range, row after row, or `rows(...)`, which may have gaps: the channels are the columns.
/// `columns(data, width, height)`: matrices, one after the other, whose `height` rows are the channels: images by
/// channel, of `width` pixels each. There are as many slopes as channels, or one for all. Element types may differ; in
/// place works. Its gradient: `backward`.
///
/// *Accuracy*: correctly rounded; a double result that is stored as less is rounded twice. *Special*: NaN gives NaN, -0
/// gives -0; infinities follow the definition.
/// *Method*: one multiplication. Rows of fewer than 128 columns go through the loop several together.
/// *Source*: torch.nn.PReLU (`columns` is its channel axis 1); ONNX PRelu.
/// @throws std::invalid_argument when shapes differ, the slopes do not fit, or `out` overlaps another range without
///         being the same; nothing has been written then.
///
/// @code
/// std::vector<float> layer{-1.0f, -1.0f, 2.0f, -3.0f}, slopes{0.25f, 0.5f}; // two rows of two channels
/// xact::prelu(layer, slopes, layer);                                        // -0.25, -0.5, 2, -1.5
/// std::vector<float> images(8 * 2 * 100, -1.0f);                            // eight of two channels of 100 pixels
/// xact::prelu(xact::columns(images, 100, 2), slopes, xact::columns(images, 100, 2));
/// @endcode
struct prelu_t {
  template <class In, readable_range Slopes, class Out>
    requires detail::all_channels<In, Out> && detail::writable_channels<Out &&>
  void operator()(const In &in, const Slopes &slopes, Out &&out) const {
    using namespace detail;
    const auto s = as_rows(slopes);
    auto from = channels_of(in, s.columns);
    auto to = channels_of(out, s.columns);
    constexpr const char *names[] = {"out", "in"};
    require_channels("prelu", named("slopes", s), names, to, from);
    from.cut(s.columns);
    to.cut(s.columns);
    using S = element_t<Slopes>;
    map_channels<native<product_t<channel_t<Out>, std::remove_const_t<channel_t<const In>>, S>>, S>(s.data, to.width,
                                                                                                    to.rows, from.rows);
  }

  XACT_CALLED_AS(
      prelu_t, ::xact::detail::takes_channels, (.least = 3, .most = 3, .beside = 2),
      "xact: prelu(in, slopes, out): in and out two ranges, rows or columns, slopes a range with one a channel")
};
inline constexpr prelu_t prelu{};

namespace detail {
template <class F, class...> inline constexpr bool is_of_prelu = std::is_same_v<std::remove_cvref_t<F>, prelu_t>;
} // namespace detail

/// The gradient of prelu: dx = dy where x > 0, slope * dy else; and of each slope, d_slope = the sum over its channel
/// of x * dy where x is not above 0.
///
/// *Shapes*: x, dy and dx as prelu's; dx may be x or dy. d_slopes has as many elements as slopes. *Accuracy*: dx
/// correctly rounded; the sums are made in double and in one order: row after row for `rows`; for `columns` and one
/// slope 32 sums over the elements 32 apart, then those. Of floats they have the same bits on every ISA. *Special*: NaN
/// in x gives NaN in both; at 0 the slope's side counts, as in PyTorch.
/// @throws std::invalid_argument as prelu does, and when d_slopes overlaps anything; nothing has been written then.
///
/// @code
/// std::vector<float> x{-1.0f, -1.0f, 2.0f, -3.0f}, dy(4, 1.0f), dx(4), slopes{0.25f, 0.5f}, d_slopes(2);
/// xact::backward(xact::prelu, x, slopes, dy, dx, d_slopes); // dx: 0.25, 0.5, 1, 0.5; d_slopes: -1, -4
/// @endcode
template <class X, readable_range Slopes, class DY, class DX, writable_range DSlopes>
  requires detail::all_channels<X, DY, DX> && detail::writable_channels<DX &&> && (!detail::is_temporary<DSlopes &&>)
void backward(const prelu_t &, const X &x, const Slopes &slopes, const DY &dy, DX &&dx, DSlopes &&d_slopes) {
  using namespace detail;
  const auto s = as_rows(slopes);
  const auto sums = as_rows(d_slopes);
  auto from = channels_of(x, s.columns);
  auto above = channels_of(dy, s.columns);
  auto to = channels_of(dx, s.columns);
  require_gradient_channels(s, sums, to, from, above);
  from.cut(s.columns);
  above.cut(s.columns);
  to.cut(s.columns);
  using S = element_t<Slopes>;
  using V = native<
      product_t<channel_t<DX>, std::remove_const_t<channel_t<const X>>, std::remove_const_t<channel_t<const DY>>, S>>;
  using T = compute_t<std::remove_const_t<channel_t<const X>>, std::remove_const_t<channel_t<const DY>>>;
  const auto elements = [](const auto &rows) {
    return [&rows](std::size_t r, std::size_t i, std::size_t n, T *buffer) {
      return taken(rows[r] + i, n, nullptr, T(0), buffer);
    };
  };
  auto *d_slope = sums.data;
  sum_channels<T>(to.width, from.rows.count, from.rows.columns, elements(from.rows), elements(above.rows),
                  [&](double sum) { *d_slope++ = static_cast<element_t<DSlopes>>(sum); });
  map_channels<V, S>(s.data, to.width, to.rows, from.rows, above.rows);
}
XACT_REFUSES_WHERE(
    backward, detail::is_of_prelu, prelu_backward_form, (.least = 5, .most = 5, .outputs = 2, .beside = 18),
    "xact: backward(prelu, x, slopes, dy, dx, d_slopes): x, dy and dx ranges, rows or columns, slopes and "
    "d_slopes ranges with one a channel")

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
