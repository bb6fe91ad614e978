#pragma once

/// @file
/// What the dispatch library and its callers, files of different flags, tell each other: types are erased, layouts
/// fixed.

#include <xact/detail/types/census.hpp>
#include <xact/detail/types/drift.hpp>
#include <xact/detail/types/elements.hpp>
#include <xact/detail/types/glu_options.hpp>
#include <xact/detail/types/quantization.hpp>
#include <xact/detail/types/softmax_state.hpp>

#include <string_view>

/// The dispatched activations and their parameters, in the order of activations.hpp: plain(name) or with(name,
/// parameters). The library does not compile where these lists differ.
// clang-format off
#define XACT_DISPATCHED(plain, with)                                                                                   \
  plain(relu)                                                                                                          \
  with(leaky_relu, double negative_slope = 0.01;)                                                                      \
  plain(relu6)                                                                                                         \
  plain(relu_squared)                                                                                                  \
  with(squareplus, double b = 4;)                                                                                      \
  with(star_relu, double scale = 0.8944; double bias = -0.4472;)                                                       \
  with(threshold, double threshold = 0; double value = 0;)                                                             \
  with(thresholded_relu, double alpha = 1;)                                                                            \
  with(hard_shrink, double lambda = 0.5;)                                                                              \
  with(soft_shrink, double lambda = 0.5;)                                                                              \
  with(shrink, double lambd = 0.5; double bias = 0;)                                                                   \
  plain(linear)                                                                                                        \
  plain(sparse_plus)                                                                                                   \
  plain(sparse_sigmoid)                                                                                                \
  with(hard_tanh, double min_val = -1; double max_val = 1;)                                                            \
  with(hard_sigmoid, double alpha = 1.0 / 6; double beta = 0.5;)                                                       \
  plain(hard_swish)                                                                                                    \
  plain(softsign)                                                                                                      \
  plain(exponential)                                                                                                   \
  plain(sigmoid)                                                                                                       \
  plain(log_sigmoid)                                                                                                   \
  with(softplus, double beta = 1;)                                                                                     \
  plain(tanh)                                                                                                          \
  plain(tanh_shrink)                                                                                                   \
  with(softcap, double cap = 30;)                                                                                      \
  with(snake, double alpha = 1;)                                                                                       \
  with(snake_beta, double alpha = 1; double beta = 1;)                                                                 \
  with(laplace, double mu = 0.707107; double sigma = 0.282095;)                                                        \
  plain(silu)                                                                                                          \
  plain(gelu)                                                                                                          \
  plain(gelu_tanh)                                                                                                     \
  plain(gelu_quick)                                                                                                    \
  plain(mish)                                                                                                          \
  with(elu, double alpha = 1;)                                                                                         \
  plain(selu)                                                                                                          \
  with(celu, double alpha = 1;)                                                                                        \
  with(xielu, double alpha_p = 0.8; double alpha_n = 0.8; double beta = 0.5; double eps = -1e-6;)
// clang-format on

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {
namespace erased {
namespace detail {

#define XACT_NAME_(name, ...) name,
/// Where an activation stands in the list.
enum class function : unsigned { XACT_DISPATCHED(XACT_NAME_, XACT_NAME_) count };
#undef XACT_NAME_
inline constexpr auto functions_listed = static_cast<unsigned>(function::count);
/// No activation has more parameters.
inline constexpr unsigned most_parameters = 4;

enum class element : unsigned char { float32, float64, float16, bfloat16, e4m3, e5m2, int8, uint8, int4 };
enum class tier : unsigned char { standard, accurate, exact };

/// The kernels of an activation, by what is read and written. Narrow results are the same in all tiers.
enum kernel : unsigned char {
  float_standard,
  float_accurate,
  float_exact,
  double_standard,
  double_accurate,
  double_exact, ///< of rational functions alone, for tables
  unrounded,    ///< doubles that are rounded to a narrower type afterwards
  of_float16,
  of_bfloat16,
  float_to_float16,
  float_to_bfloat16,
  kernels,                   ///< their number, and no kernel
  wide_kernels = of_float16, ///< those that derivatives have: their narrow results go by `unrounded`
};

/// out[i] = f(in[i]) of n elements; both are the same memory, or apart.
using unary = void (*)(const double *parameters, const void *in, void *out, std::size_t n) noexcept;

/// f(x) of one value, by tier; of 16 bits in the order of the elements, and of values only.
struct of_one {
  float (*of_float[3])(const double *parameters, float x) noexcept;
  double (*of_double[2])(const double *parameters, double x) noexcept;
  std::uint16_t (*of_16[2])(const double *parameters, std::uint16_t code) noexcept;
};

/// printf's format and its number, if parameters mean nothing.
struct refused {
  const char *format;
  double value;
};

/// An activation on one ISA.
struct functions {
  unary value[kernels];
  unary derivative[wide_kernels];
  of_one value_of_one, derivative_of_one;
  unary from_output[2]; ///< of float and double: the derivative by the result; null where that does not tell
  /// Value and derivative where one costs less beside the other; null: by the kernels above.
  void (*both)(const float *in, float *value, float *derivative, std::size_t n) noexcept;
  refused (*refusal)(const double *parameters) noexcept;    ///< null: nothing is refused
  bool (*is_invertible)(const double *parameters) noexcept; ///< null: it is
  /// Of it and its derivative: on which side of y, its result in double, f(x) lies (null: just there), and whether f is
  /// rational. What abs(f') stays below; null: nobody says.
  int (*side[2])(const double *parameters, double x, double y) noexcept;
  bool rational[2];
  double (*steepest)(const double *parameters) noexcept;
  const char *name, *derivative_name; ///< for messages
};

/// What is applied: an activation or its derivative, in a tier.
struct operation {
  const functions *of;
  const double *parameters;
  tier in;
  bool derivative;
};

/// Elements that are read, and that are written, `step` apart.
struct source {
  const void *data;
  element type;
  std::size_t step = 1;
};
struct target {
  void *data;
  element type;
  std::size_t step = 1;
};

/// What a gated unit is made of; `second.of` is null where it is up itself.
struct unit {
  operation first, second;
  double limit, alpha, offset;
};

/// Softmax and its kin, over rows of one shape; of logsumexp `to` has one element a row, `to_stride` apart. With
/// `codes` results are codes of it. With a height they go down the columns: those of `count` matrices of so many rows,
/// without gaps.
enum class row_function : unsigned char { softmax, log_softmax, logsumexp, sparsemax };
struct rows_call {
  row_function of;
  tier in;
  source from;
  target to;
  std::size_t from_stride, to_stride, count, columns;
  const softmax_options *options;
  const quantization *codes = nullptr;
  std::size_t height = 0;
};
/// Their gradients by the results y; all of one element type.
struct rows_gradient {
  row_function of;
  source y, dy;
  target dx;
  std::size_t y_stride, dy_stride, dx_stride, count, columns;
  const softmax_options *options;
};

/// prelu: rows in which `width` elements side by side have one slope. A gradient has dy, and the slopes'.
struct prelu_call {
  source x, slopes;
  target out;
  std::size_t x_stride, out_stride, count, columns, width;
  source dy = {nullptr, element::float32};
  std::size_t dy_stride = 0;
  target d_slopes = {nullptr, element::float32};
  bool gradient = false;
};

/// All of one ISA.
struct table {
  const char *isa;
  const functions *const *activations; ///< in the list's order; null: left out of this build
  /// Any types, part by part through buffers.
  void (*apply)(const operation &, const source &, const target &, std::size_t n) noexcept;
  /// dx = dy * f'(x), or added to what it was; `from_output`: f' by f(x).
  void (*backward)(const operation &, bool from_output, const source &x, const source &dy, const target &dx,
                   bool accumulate, std::size_t n) noexcept;
  void (*glu)(const unit &, const source &gate, const source &up, const target &out, std::size_t n) noexcept;
  void (*glu_backward)(const unit &, const source &gate, const source &up, const source &dy, const target &d_gate,
                       const target &d_up, bool accumulate, std::size_t n) noexcept;
  void (*rows)(const rows_call &) noexcept;
  void (*row_gradient)(const rows_gradient &) noexcept;
  void (*update)(softmax_state &, const source &piece, std::size_t n, const softmax_options &) noexcept;
  void (*merge)(softmax_state &, const softmax_state &) noexcept;
  void (*write)(const softmax_state &, row_function, tier, const source &piece, const target &out, std::size_t n,
                const softmax_options &) noexcept;
  double (*sum)(const softmax_state &) noexcept;
  /// Adds n elements, the first of which has the index `first`.
  void (*inspect)(census &, const source &, std::size_t n, std::size_t first) noexcept;
  /// Adds a range of pairs; and, with k above 0, a row: how well it ranks.
  void (*compare)(drift &, const source &reference, const source &candidate, std::size_t n, std::size_t first,
                  std::size_t k) noexcept;
  /// n numbers to m elements of codes, and the other way.
  void (*quantize)(const source &numbers, std::size_t n, const target &codes, std::size_t m,
                   const quantization &) noexcept;
  void (*dequantize)(const source &codes, std::size_t n, const target &numbers, std::size_t m,
                     const quantization &) noexcept;
  /// Widens [low, high] by n numbers; the quantization of a type of codes that has both ends.
  void (*measure)(const source &numbers, std::size_t n, double &low, double &high) noexcept;
  quantization (*fit)(element codes, double low, double high) noexcept;
  void (*tabulate)(const operation &, element codes, const quantization &in, const quantization &out,
                   std::uint8_t *entries) noexcept;
  void (*look_up)(const std::uint8_t *entries, const source &in, const target &out, std::size_t n) noexcept;
  void (*requantize)(const operation &, const std::int32_t *accumulators, float scale, const quantization &to,
                     const target &out, std::size_t n) noexcept;
  void (*prelu)(const prelu_call &) noexcept;
};

/// The table of the best ISA; null before the first call.
__attribute__((visibility("default"))) extern const table *chosen;
/// Chooses it; threads may come together.
__attribute__((visibility("default"))) const table &choose() noexcept;
/// The activation of a name, and its parameters there; count: none.
__attribute__((visibility("default"))) function find(const char *name, std::size_t length,
                                                     double (&parameters)[most_parameters]) noexcept;
/// The ISAs that were built in and run here, the best first: how many, and the names.
__attribute__((visibility("default"))) std::size_t isas(const std::string_view *&names) noexcept;

} // namespace detail
} // namespace erased
} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
