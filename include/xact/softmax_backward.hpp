#pragma once

#include <xact/detail/call/rows.hpp>
#include <xact/detail/softmax/row.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// The sum of f(a[i], b[i]) in double, always in the same order: 32 sums over the elements 32 apart, whatever the ISA.
template <class T, class A, class B, class F>
double sum_of_pairs(std::size_t n, const A *a, const B *b, const F &f) noexcept {
  using V = native<T>;
  using W = logit_lanes<T>;
  constexpr std::size_t step = lane_traits<V>::size;
  constexpr std::size_t count = 32 / step;
  static_assert(32 % step == 0);
  W sum[count];
  for (W &s : sum) {
    s = W(0.0);
  }
  std::size_t i = 0;
  for (; n - i >= 32; i += 32) {
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t at = i + k * step;
      sum[k] = f(widened(load_lanes<V>(a + at)), widened(load_lanes<V>(b + at)), sum[k]);
    }
  }
  double lane[32];
  for (std::size_t k = 0; k < count; ++k) {
    store_each(sum[k], lane + k * step);
  }
  for (std::size_t k = 0; i < n; ++i, ++k) {
    lane[k] = f(static_cast<double>(static_cast<T>(a[i])), static_cast<double>(static_cast<T>(b[i])), lane[k]);
  }
  for (std::size_t part = 16; part > 0; part /= 2) {
    for (std::size_t k = 0; k < part; ++k) {
      lane[k] += lane[k + part];
    }
  }
  return lane[0];
}

} // namespace detail

/// Call forms of the gradients: `f(y, dy, dx)` for ranges (one row) or `rows(...)`, all of one shape; dx may be y or
/// dy.
/// @throws std::invalid_argument as softmax does.
///
/// @code
/// std::vector<double> y(64, 1.0 / 64), dy(64, 1.0), dx(64);
/// const xact::row_gradient<xact::softmax_backward_t> &gradient = xact::softmax_backward;
/// gradient(xact::rows(y, 8), xact::rows(dy, 8), xact::rows(dx, 8));
/// @endcode
template <class Derived> struct row_gradient {
  template <readable_range Y, readable_range DY, writable_range DX>
  void operator()(const Y &y, const DY &dy, DX &&dx) const {
    (*this)(detail::one_row(y), detail::one_row(dy), detail::one_row(dx));
  }

  template <class Y, class DY, element DX>
  void operator()(const row_view<Y> &y, const row_view<DY> &dy, const row_view<DX> &dx) const {
    using T = detail::compute_t<std::remove_const_t<Y>, std::remove_const_t<DY>, DX>;
    detail::require_same_shape(y, dx);
    detail::require_same_shape(dy, dx);
    for (std::size_t i = 0; i < y.count; ++i) {
      Derived::template row<T, std::remove_const_t<Y>, std::remove_const_t<DY>>(y.columns, y[i], dy[i], dx[i]);
    }
  }
};

/// The gradient of softmax from its result: dx = y * (dy - sum of y * dy).
///
/// *Accuracy*: the sum in double, every element rounded once from double; float: the same bits on every ISA.
/// *Special*: NaN anywhere makes the row NaN. *Source*: the definition.
///
/// @code
/// std::vector<float> x(64, 1.0f), y(64), dy(64, 0.5f), dx(64);
/// xact::softmax(x, y);
/// xact::softmax_backward(y, dy, dx);
/// @endcode
struct softmax_backward_t : row_gradient<softmax_backward_t> {
  template <class T, class Y, class DY, class DX>
  static void row(std::size_t n, const Y *y, const DY *dy, DX *dx) noexcept {
    using namespace detail;
    const double sum = sum_of_pairs<T>(
        n, y, dy, [](const auto &a, const auto &b, const auto &s) noexcept { return mul_add(a, b, s); });
    map<native<T>>(
        [sum](const native<T> &a, const native<T> &b) noexcept {
          return narrowed<T>(rounded(widened(a), logit_lanes<T>(widened(b) - logit_lanes<T>(sum))));
        },
        n, dx, y, dy);
  }
};
inline constexpr softmax_backward_t softmax_backward{};

/// The gradient of log_softmax from its result: dx = dy - e^y * sum of dy.
///
/// *Accuracy*, *Special*: as `softmax_backward`; y = -inf passes dy on. *Source*: the definition.
///
/// @code
/// std::vector<float> x(64, 1.0f), y(64), dy(64, 0.5f), dx(64);
/// xact::log_softmax(x, y);
/// xact::log_softmax_backward(y, dy, dx);
/// @endcode
struct log_softmax_backward_t : row_gradient<log_softmax_backward_t> {
  template <class T, class Y, class DY, class DX>
  static void row(std::size_t n, const Y *y, const DY *dy, DX *dx) noexcept {
    using namespace detail;
    using W = logit_lanes<T>;
    const double sum =
        sum_of_pairs<T>(n, y, dy, [](const auto &, const auto &b, const auto &s) noexcept { return s + b; });
    map<native<T>>(
        [sum](const native<T> &a, const native<T> &b) noexcept {
          const power<W> e = exp_power(widened(a));
          return narrowed<T>(W(widened(b) - rounded(times_power(e.significand, e.exponent), W(sum))));
        },
        n, dx, y, dy);
  }
};
inline constexpr log_softmax_backward_t log_softmax_backward{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
