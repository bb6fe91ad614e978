#pragma once

#include <xact/transform.hpp>

#include <algorithm>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {

/// What prelu does with an element and its slope.
struct sloped {
  template <class V> XACT_INLINE V operator()(const V &x, const V &slope) const noexcept {
    return select(x < V(scalar_t<V>(0)), V(x * slope), x);
  }
};

/// The type that a product of an element and a slope is computed in, so that it is rounded once: double where a float's
/// would be rounded to float before it is rounded to 16 or 8 bits.
template <class Out, class... In>
using product_t =
    std::conditional_t<narrow_element<Out> && (std::same_as<In, float> || ...), double, compute_t<Out, In...>>;

} // namespace detail

/// Parametric ReLU: out[r][c] = x for x = in[r][c] > 0, slopes[c] * x else. A row has as many columns as there are
/// slopes, a slope per channel; one slope is for all. The three element types may differ; in place works.
///
/// *Accuracy*: correctly rounded; a double result that is stored as less is rounded twice. *Special*: NaN gives NaN, -0
/// gives -0; infinities follow the definition.
/// *Method*: one multiplication. Rows of fewer than 128 columns go through the loop several together.
/// *Source*: torch.nn.PReLU with the channels last; ONNX PRelu.
/// @throws std::invalid_argument when the lengths of `in` and `out` differ or are no multiple of the number of slopes,
///         or when `out` overlaps another range without being the same; nothing has been written then.
///
/// @code
/// std::vector<float> layer{-1.0f, -1.0f, 2.0f, -3.0f};    // two rows of two channels
/// xact::prelu(layer, std::vector{0.25f, 0.5f}, layer); // -0.25, -0.5, 2, -1.5
/// @endcode
template <readable_range In, readable_range Slopes, class Out>
  requires writable_range<std::remove_reference_t<Out>>
inline void prelu(const In &in, const Slopes &slopes, Out &&out) {
  using namespace detail;
  using S = element_t<Slopes>;
  using E = element_t<Out>;
  using V = native<product_t<E, element_t<In>, S>>;
  const auto n = detail::size_of(in);
  const auto columns = detail::size_of(slopes);
  E *const to = detail::data_of(out);
  const element_t<In> *const from = detail::data_of(in);
  const S *slope = detail::data_of(slopes);
  require_equal_length(n, detail::size_of(out));
  if (columns == 0 ? n != 0 : n % columns != 0) [[unlikely]] {
    refuse("xact: %zu elements are no rows of %zu columns, one for each slope", n, columns);
  }
  require_same_or_disjoint(from, n * sizeof *from, to, n * sizeof *to);
  require_same_or_disjoint(slope, columns * sizeof *slope, to, n * sizeof *to);

  constexpr std::size_t wide_enough = 128;
  S repeated[wide_enough];
  std::size_t step = columns;
  if (columns < wide_enough) {
    step = columns == 0 ? 0 : wide_enough / columns * columns;
    for (std::size_t i = 0; i < step; ++i) {
      repeated[i] = slope[i % columns];
    }
    slope = repeated;
  }
  for (std::size_t i = 0; i < n; i += step) {
    map<V>(sloped{}, (std::min)(step, n - i), to + i, from + i, slope);
  }
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
