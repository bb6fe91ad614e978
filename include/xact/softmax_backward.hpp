#pragma once

#include <xact/concepts.hpp>
#include <xact/detail/softmax/pairs.hpp>
#include <xact/detail/types/backward_options.hpp>
#include <xact/log_softmax.hpp>
#include <xact/softmax.hpp>
#include <xact/sparsemax.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What `write_lanes` writes, plus what was there before.
template <class T, class Out, class F>
XACT_INLINE inline void write_or_add(bool add, Out *out, std::size_t n, const F &lanes_at) noexcept {
  using V = native<T>;
  write_lanes<T>(out, n, [&](std::size_t k) XACT_INLINE {
    const V x = lanes_at(k);
    return add ? V(x + load_part<V>(static_cast<const Out *>(out) + k, n - k)) : x;
  });
}

/// dx = scale * y * (dy - sum of y * dy), or scale * (dy - e^y * sum of dy).
template <bool Log, class Y, class DY, class DX>
[[gnu::noinline]] void softmax_gradient(const row_view<const Y> &y, const row_view<const DY> &dy,
                                        const row_view<DX> &dx, const softmax_options &options) noexcept {
  using T = compute_t<Y, DY, DX>;
  using K =
      std::conditional_t<sizeof(T) == 8, double_terms<true>,
                         std::conditional_t<has_fma<native<float>> || narrow_element<DX>, fused_terms, unfused_terms>>;
  using V = native<T>;
  constexpr std::size_t chunk = 4096 / sizeof(T);
  alignas(64) T y_buffer[chunk], dy_buffer[chunk];
  for (std::size_t r = 0; r < y.count; ++r) {
    const seen_columns seen = seen_by(options, options.queries != 0 ? r % options.queries : r, y.columns);
    const row_options o = options_of(options, r, y.count, y.columns, seen.begin);
    const std::size_t size = seen.end - seen.begin;
    const auto *bytes = o.mask_kind == option_kind::bytes ? static_cast<const unsigned char *>(o.mask) : nullptr;
    const auto each = [&](const auto &f) {
      for (std::size_t i = 0; i < size; i += chunk) {
        const std::size_t n = size - i < chunk ? size - i : chunk;
        const unsigned char *const b = bytes ? bytes + i : nullptr;
        f(taken(y[r] + seen.begin + i, n, b, Log ? -infinity_of<T> : T(0), y_buffer),
          taken(dy[r] + seen.begin + i, n, b, T(0), dy_buffer), i, n);
      }
    };
    double lane[32] = {};
    bool any = false;
    each([&](const T *a, const T *b, std::size_t, std::size_t n) {
      if constexpr (Log) {
        add_pairs(lane, n, a, b, [](const auto &, const auto &g, const auto &s) XACT_INLINE { return s + g; });
        any = any || largest_element(a, n, T(1)) > -infinity_of<T>;
        for (std::size_t k = 0; !any && k < n; ++k) {
          any = a[k] != a[k]; // NaN
        }
      } else {
        add_pairs(lane, n, a, b,
                  [](const auto &p, const auto &g, const auto &s) XACT_INLINE { return mul_add(p, g, s); });
      }
    });
    const double sum = sum_of_all(lane);
    const double factor = Log && !any ? 0 : o.scale;
    const two_parts<T> less(Log ? sum * __builtin_ldexp(1, -K::top) : sum);
    const scale_in_base_2<T> c = K::in_base_2(1);
    each([&](const T *a, const T *b, std::size_t i, std::size_t n) {
      write_or_add<T>(options.accumulate, dx[r] + seen.begin + i, n, [&](std::size_t k) XACT_INLINE {
        const V p = load_part<V>(a + k, n - k), g = load_part<V>(b + k, n - k);
        if constexpr (Log) {
          const V e = term_of<K>(K::of(p, c, V(shift_of<K>(0))));
          return V(V(mul_add(e, V(-less.hi), g) - V(e * V(less.lo))) * V(static_cast<T>(factor)));
        } else {
          return V(V(p * V(V(g - V(less.hi)) - V(less.lo))) * V(static_cast<T>(factor)));
        }
      });
      for (std::size_t k = 0; bytes && !options.accumulate && k < n; ++k) {
        if (!bytes[i + k]) {
          dx[r][seen.begin + i + k] = DX(0.0f);
        }
      }
    });
    if (!options.accumulate) {
      fill_n(dx[r], seen.begin, DX(0.0f));
      fill_n(dx[r] + seen.end, y.columns - seen.end, DX(0.0f));
    }
  }
}

/// dx = dy - the mean of dy over the support in it, and 0 elsewhere.
template <class Y, class DY, class DX>
[[gnu::noinline]] void sparsemax_gradient(const row_view<const Y> &y, const row_view<const DY> &dy,
                                          const row_view<DX> &dx, bool accumulate) noexcept {
  using T = compute_t<Y, DY, DX>;
  using V = native<T>;
  constexpr std::size_t chunk = 4096 / sizeof(T);
  alignas(64) T y_buffer[chunk], dy_buffer[chunk];
  for (std::size_t r = 0; r < y.count; ++r) {
    const auto each = [&](const auto &f) {
      for (std::size_t i = 0; i < y.columns; i += chunk) {
        const std::size_t n = y.columns - i < chunk ? y.columns - i : chunk;
        f(taken(y[r] + i, n, nullptr, T(0), y_buffer), taken(dy[r] + i, n, nullptr, T(0), dy_buffer), i, n);
      }
    };
    double sum[32] = {}, count[32] = {};
    each([&](const T *a, const T *b, std::size_t, std::size_t n) {
      // Off the support p * 0 is 0, or the NaN that p is.
      add_pairs(sum, n, a, b, [](const auto &p, const auto &g, const auto &s) XACT_INLINE {
        using W = std::remove_cvref_t<decltype(s)>;
        return s + select(W(0.0) < p, g, W(p * W(0.0)));
      });
      add_pairs(count, n, a, a, [](const auto &p, const auto &, const auto &s) XACT_INLINE {
        using W = std::remove_cvref_t<decltype(s)>;
        return s + select(W(0.0) < p, W(1.0), W(0.0));
      });
    });
    const double size = sum_of_all(count);
    const two_parts<T> mean(sum_of_all(sum) / (size > 0 ? size : 1));
    each([&](const T *a, const T *b, std::size_t i, std::size_t n) {
      write_or_add<T>(accumulate, dx[r] + i, n, [&](std::size_t k) XACT_INLINE {
        const V p = load_part<V>(a + k, n - k), g = load_part<V>(b + k, n - k);
        return select(V(T(0)) < p, V(V(g - V(mean.hi)) - V(mean.lo)), V(p * V(T(0))));
      });
    });
  }
}

template <class F> inline constexpr bool has_row_gradient = requires { F::operation; } && !negates<F>;

} // namespace detail

/// The gradient of softmax or log_softmax from its result y: dx = scale * y * (dy - sum of y * dy), or scale * (dy -
/// e^y * sum of dy); 0 where options hide an element, and in rows without probabilities under `empty_row::zero`. With
/// `{.accumulate = true}` it is added to what dx held.
///
/// *Shapes*: ranges (one row) or `rows(...)`, all of one shape; dx may be y or dy. *Options*: those that y was made
/// with. *Accuracy*: the sum in double, an element within 3 ULP where nothing cancels. *Special*: NaN anywhere makes
/// the row NaN. *Source*: the definition.
/// @throws std::invalid_argument as softmax does, and for a softcap, whose slope y does not tell.
///
/// @code
/// std::vector<float> x(64, 1.0f), y(64), dy(64, 0.5f), dx(64);
/// xact::softmax(x, y, {.scale = 0.125});
/// xact::backward_from_output(xact::softmax, y, dy, dx, {.scale = 0.125});
/// @endcode
template <class F, class Y, class DY, element DX>
  requires detail::has_row_gradient<F> && detail::all_readable<row_view<Y>, row_view<DY>>
void backward_from_output(const F &, const row_view<Y> &y, const row_view<DY> &dy, const row_view<DX> &dx,
                          const softmax_options &options = {}) {
  constexpr const char *name = "backward_from_output";
  detail::require_rows_fit(name, "y", y, dx);
  detail::require_rows_fit(name, "dy", dy, dx);
  detail::require_options(name, options, y.count, y.columns, detail::named("dx", dx), true);
  if (options.softcap > 0 && options.softcap < detail::infinity_of<double>) [[unlikely]] {
    detail::refuse("xact::%s: the result does not tell the slope of softcap = %g", name, options.softcap);
  }
  using E = std::remove_const_t<Y>;
  using G = std::remove_const_t<DY>;
  detail::softmax_gradient<F::operation == detail::row_operation::log_softmax>(
      row_view<const E>{y.data, y.count, y.columns, y.stride},
      row_view<const G>{dy.data, dy.count, dy.columns, dy.stride}, dx, options);
}
template <class F, readable_range Y, readable_range DY, writable_range DX>
  requires detail::has_row_gradient<F> && (!detail::is_temporary<DX &&>)
void backward_from_output(const F &f, const Y &y, const DY &dy, DX &&dx, const softmax_options &options = {}) {
  backward_from_output(f, detail::one_row(y), detail::one_row(dy), detail::one_row(dx), options);
}

/// The gradient of sparsemax from its result y: dx = dy - the mean of dy over the elements where y is above 0, there;
/// 0 elsewhere.
///
/// *Shapes*: ranges (one row) or `rows(...)`, all of one shape; dx may be y or dy. *Accuracy*: the sum in double, an
/// element within 2 ULP where nothing cancels. *Special*: rows that are NaN stay NaN; what dy is off the support does
/// not count. *Source*: Martins and Astudillo 2016, equation 14.
/// @throws std::invalid_argument as sparsemax does.
///
/// @code
/// std::vector<float> y{0.0f, 0.25f, 0.75f}, dy{5.0f, 1.0f, 2.0f}, dx(3);
/// xact::backward_from_output(xact::sparsemax, y, dy, dx); // 0, -0.5, 0.5
/// @endcode
template <class Y, class DY, element DX>
  requires detail::all_readable<row_view<Y>, row_view<DY>>
void backward_from_output(const sparsemax_t &, const row_view<Y> &y, const row_view<DY> &dy, const row_view<DX> &dx,
                          const backward_options &options = {}) {
  detail::require_rows_fit("backward_from_output", "y", y, dx);
  detail::require_rows_fit("backward_from_output", "dy", dy, dx);
  using E = std::remove_const_t<Y>;
  using G = std::remove_const_t<DY>;
  detail::sparsemax_gradient(row_view<const E>{y.data, y.count, y.columns, y.stride},
                             row_view<const G>{dy.data, dy.count, dy.columns, dy.stride}, dx, options.accumulate);
}
template <readable_range Y, readable_range DY, writable_range DX>
  requires(!detail::is_temporary<DX &&>)
void backward_from_output(const sparsemax_t &f, const Y &y, const DY &dy, DX &&dx,
                          const backward_options &options = {}) {
  backward_from_output(f, detail::one_row(y), detail::one_row(dy), detail::one_row(dx), options);
}

namespace detail {
template <class F, class...> inline constexpr bool is_of_rows = is_row_function<std::remove_cvref_t<F>>;
template <class F>
using gradient_options = std::conditional_t<std::is_same_v<F, sparsemax_t>, backward_options, softmax_options>;
} // namespace detail
XACT_REFUSES_GRADIENTS(
    backward_from_output, detail::is_of_rows, detail::gradient_options<F>, rows_from_output_form,
    (.least = 3, .most = 3),
    "xact: backward_from_output(f, y, dy, dx, options) of ranges or rows, where f is softmax, log_softmax or sparsemax")

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
