#pragma once

/// @file
/// PReLU and its gradient, with a slope a channel.

#include <xact/detail/dispatch/table.hpp>
#include <xact/detail/types/channels.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace dispatch {

/// prelu and its gradient, as xact's. float, double and 16 bits have kernels, 16 bits with slopes of float too; other
/// types go part by part through buffers, in which the bits stay the same.
///
/// @code
/// std::vector<float> layer{-1.0f, -1.0f, 2.0f, -3.0f}, slopes{0.25f, 0.5f}; // two rows of two channels
/// xact::dispatch::prelu(layer, slopes, layer);                              // -0.25, -0.5, 2, -1.5
/// std::vector<float> dy(4, 1.0f), dx(4), d_slopes(2);
/// xact::dispatch::backward(xact::dispatch::prelu, layer, slopes, dy, dx, d_slopes);
/// @endcode
/// @{
struct prelu_t {
  template <class In, detail::readable Slopes, class Out>
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
    dispatch_table().prelu({source_of(from.rows.data), source_of(s.data), target_of(to.rows.data), from.rows.stride,
                            to.rows.stride, to.rows.count, to.rows.columns, to.width});
  }
};
inline constexpr prelu_t prelu{};

template <class X, detail::readable Slopes, class DY, class DX, detail::writable DSlopes>
  requires detail::all_channels<X, DY, DX> && detail::writable_channels<DX &&> && (!detail::is_temporary<DSlopes &&>)
void backward(const prelu_t &, const X &x, const Slopes &slopes, const DY &dy, DX &&dx, DSlopes &&d_slopes) {
  using namespace detail;
  const auto s = as_rows(slopes);
  auto from = channels_of(x, s.columns);
  auto above = channels_of(dy, s.columns);
  auto to = channels_of(dx, s.columns);
  require_gradient_channels(s, as_rows(d_slopes), to, from, above);
  from.cut(s.columns);
  above.cut(s.columns);
  to.cut(s.columns);
  dispatch_table().prelu({source_of(from.rows.data), source_of(s.data), target_of(to.rows.data), from.rows.stride,
                          to.rows.stride, to.rows.count, to.rows.columns, to.width, source_of(above.rows.data),
                          above.rows.stride, target_of(data_of(d_slopes)), true});
}
/// @}

} // namespace dispatch
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
