#pragma once

/// @file
/// Arguments of element-wise calls (types/views.hpp), handed to the loop.

#include <xact/detail/call/loop.hpp>
#include <xact/detail/types/views.hpp>

#include <utility>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// f over rows of one shape, where `to` makes what the loop writes of the outputs' pointers.
template <class V, class F, class To, class... In, class... Out>
XACT_INLINE inline void map_views(const F &f, const To &to, const written_rows<Out...> &out,
                                  const row_view<In> &...in) {
  const auto has_no_gap = [](const auto &...each) XACT_INLINE { return ((each.stride == each.columns) && ...); };
  const bool whole = has_no_gap(in...) && out.each(has_no_gap);
  const std::size_t rows = whole ? out.first.count != 0 : out.first.count;
  const std::size_t columns = whole ? out.first.count * out.first.columns : out.first.columns;
  for (std::size_t r = 0; r < rows; ++r) {
    out.each([&](const auto &...each) XACT_INLINE {
      map<V>(f, columns, to(each[r]...), static_cast<const std::remove_cv_t<In> *>(in[r])...);
    });
  }
}

/// Where the loop writes two results.
template <class Y, class Z> struct pointer_pair {
  Y *y;
  Z *z;

  XACT_INLINE pointer_pair operator+(std::size_t n) const noexcept { return {y + n, z + n}; }
};
template <class Pair, class Y, class Z>
XACT_INLINE inline void store_lanes(const Pair &x, const pointer_pair<Y, Z> &to) noexcept {
  store_lanes(std::get<0>(x), to.y);
  store_lanes(std::get<1>(x), to.z);
}
template <class Pair, class Y, class Z>
XACT_INLINE inline void store_first(const Pair &x, const pointer_pair<Y, Z> &to, std::size_t n) noexcept {
  store_first(std::get<0>(x), to.y, n);
  store_first(std::get<1>(x), to.z, n);
}

/// What the loop writes of one output, or of two.
struct one_pointer {
  template <class E> XACT_INLINE E *operator()(E *out) const noexcept { return out; }
};
struct two_pointers {
  template <class Y, class Z> XACT_INLINE pointer_pair<Y, Z> operator()(Y *y, Z *z) const noexcept { return {y, z}; }
};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
