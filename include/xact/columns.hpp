#pragma once

/// @file
/// The softmax family down the columns of matrices.

#include <xact/concepts.hpp>
#include <xact/detail/softmax/columns.hpp>
#include <xact/rows.hpp>
#include <xact/softmax_state.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

XACT_REFUSES(columns, (.most = 1, .outputs = 0),
             "xact: columns(range, width, height) of a contiguous range that lives on, as std::vector, std::span do")

namespace detail {

template <template <row_tier> class F, row_tier Tier>
template <class In, class Out>
  requires row_elements<Tier, std::remove_const_t<In>, Out>
void row_function<F, Tier>::operator()(const column_view<In> &in, const column_view<Out> &out) const {
  using E = std::remove_const_t<In>;
  require_columns_fit(F<Tier>::name, in, out);
  const softmax_options options = own_options<F<Tier>>({});
  const auto by_state = [&](const E *from, Out *to, std::size_t width, std::size_t height) noexcept {
    constexpr std::size_t room = 1024;
    E x[room];
    Out y[room];
    softmax_state state;
    for (const bool write : {false, true}) {
      for (std::size_t r = 0; r < height; r += room) {
        const std::size_t n = height - r < room ? height - r : room;
        for (std::size_t k = 0; k < n; ++k) {
          x[k] = from[(r + k) * width];
        }
        if (!write) {
          state.update(std::span<const E>(x, n), options);
          continue;
        }
        write_piece<F<Tier>::operation>(
            state, piece_of<row_kernel<Tier, E, Out>>(x, n, options_of(options, 0, 1, n, 0)), static_cast<Out *>(y));
        for (std::size_t k = 0; k < n; ++k) {
          to[(r + k) * width] = y[k];
        }
      }
    }
  };
  each_column<F<Tier>::operation, Tier>(column_view<const E>{in.data, in.count, in.width, in.height}, out, options,
                                        by_state);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
