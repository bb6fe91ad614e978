#pragma once

/// @file
/// Arguments of prelu, whose channels have a slope each, and their checks.

#include <xact/detail/types/columns.hpp>
#include <xact/detail/types/views.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Elements of a call: rows in which `width` elements side by side have one slope. `Flat`: one row so far, that is to
/// be cut into as many as fit.
template <class E, bool Flat> struct channels {
  static constexpr bool is_flat = Flat;
  row_view<E> rows;
  std::size_t width;

  void cut(std::size_t slopes) noexcept {
    if (Flat && slopes > 1) {
      rows = {rows.data, rows.columns / slopes, slopes, slopes};
    }
  }
};
template <class R> inline constexpr bool is_columns = false;
template <class E> inline constexpr bool is_columns<column_view<E>> = true;

/// Ranges, `rows` or `columns`.
template <class... R>
concept all_channels = all_readable<R...> || (is_columns<std::remove_cvref_t<R>> && ...);

template <class E> channels<E, false> channels_of(const column_view<E> &x, std::size_t slopes) noexcept {
  const std::size_t n = x.width * x.height;
  return {{x.data, x.count, n, n}, slopes == 1 ? n : x.width};
}
template <class E> channels<E, false> channels_of(const row_view<E> &x, std::size_t slopes) noexcept {
  return {x, slopes == 1 ? x.columns : 1};
}
template <readable R> auto channels_of(R &x, std::size_t slopes) noexcept {
  using E = std::remove_reference_t<std::ranges::range_reference_t<R>>;
  return channels<E, true>{as_rows(x), slopes == 1 ? size_of(x) : 1};
}
template <class R>
using channel_t =
    std::remove_pointer_t<decltype(channels_of(std::declval<std::remove_reference_t<R> &>(), 1).rows.data)>;
template <class R>
concept writable_channels = !std::is_const_v<channel_t<R>> && !is_temporary<R>;

/// That the arguments have one shape, as many channels as there are slopes, and nothing that is written twice.
template <class Out, class... In>
void require_channels(const char *function, const argument &slopes, const char *const *names, const Out &out,
                      const In &...in) {
  const argument to = named(*names, out.rows);
  const auto fits = [&](const char *name, const auto &x) {
    require_same_shape(function, named(name, x.rows), to);
    if (x.width != out.width) [[unlikely]] {
      refuse("xact::%s: '%s' has %zu elements a channel and '%s' has %zu", function, name, x.width, to.name, out.width);
    }
    require_apart(function, named(name, x.rows), to);
  };
  (fits(*++names, in), ...);
  const std::size_t n = slopes.columns, columns = out.rows.columns;
  const bool fit = !Out::is_flat ? n * out.width == columns : n == 0 ? columns == 0 : columns % n == 0;
  if (!fit) [[unlikely]] {
    refuse("xact::%s: 'slopes' has %zu elements and '%s' rows of %zu", function, n, *names, columns);
  }
  require_apart(function, slopes, to);
}

/// The same of the gradient; and d_slopes overlaps nothing.
template <class S, class D, class Out, class X, class DY>
void require_gradient_channels(const row_view<S> &slopes, const row_view<D> &d_slopes, const Out &dx, const X &x,
                               const DY &dy) {
  constexpr const char *names[] = {"dx", "x", "dy"};
  const argument of = named("slopes", slopes), written = named("d_slopes", d_slopes);
  require_channels("backward", of, names, dx, x, dy);
  require_same_shape("backward", of, written);
  for (const argument &other : {named("x", x.rows), of, named("dy", dy.rows), named("dx", dx.rows)}) {
    require_apart("backward", other, written, false);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
