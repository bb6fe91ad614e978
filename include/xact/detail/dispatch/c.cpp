// The dispatch library in C.

#include <xact/dispatch.h>
#include <xact/dispatch.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// What is wrong with n elements that are read and written.
template <class T> static int fault_of(const T *x, const T *y, std::size_t n) noexcept {
  if (n != 0 && (x == nullptr || y == nullptr || n > static_cast<std::size_t>(-1) / sizeof(T))) {
    return XACT_INVALID;
  }
  const auto from = reinterpret_cast<std::uintptr_t>(x), to = reinterpret_cast<std::uintptr_t>(y);
  const std::uintptr_t bytes = n * sizeof(T);
  return from == to || from + bytes <= to || to + bytes <= from ? XACT_OK : XACT_OVERLAP;
}

template <class F, class T> static int call_in_c(const F &f, const T *x, T *y, std::size_t n) noexcept {
  if (const int fault = fault_of(x, y, n)) {
    return fault;
  }
  const types::functions *const of = functions_of(f);
  if (of == nullptr) {
    return XACT_LEFT_OUT;
  }
  dispatch_run(f, *of, x, y, n);
  return XACT_OK;
}

template <class T> static int softmax_in_c(const T *x, T *y, std::size_t rows, std::size_t columns) noexcept {
  if (columns != 0 && rows > static_cast<std::size_t>(-1) / columns) {
    return XACT_INVALID;
  }
  if (const int fault = fault_of(x, y, rows * columns)) {
    return fault;
  }
  const softmax_options options;
  dispatch_table().rows({types::row_function::softmax, types::tier::standard, source_of(x), target_of(y), columns,
                         columns, columns == 0 ? 0 : rows, columns, &options});
  return XACT_OK;
}

static const bfloat16 *as_brain(const std::uint16_t *x) noexcept { return reinterpret_cast<const bfloat16 *>(x); }
static bfloat16 *as_brain(std::uint16_t *x) noexcept { return reinterpret_cast<bfloat16 *>(x); }

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact

#define XACT_C_CALLS(name)                                                                                             \
  int xact_##name##_f32(const float *x, float *y, size_t n) {                                                          \
    return xact::detail::call_in_c(xact::dispatch::name, x, y, n);                                                     \
  }                                                                                                                    \
  int xact_##name##_bf16(const uint16_t *x, uint16_t *y, size_t n) {                                                   \
    return xact::detail::call_in_c(xact::dispatch::name, xact::detail::as_brain(x), xact::detail::as_brain(y), n);     \
  }
XACT_C_FUNCTIONS(XACT_C_CALLS)

int xact_softmax_f32(const float *x, float *y, size_t rows, size_t columns) {
  return xact::detail::softmax_in_c(x, y, rows, columns);
}
int xact_softmax_bf16(const uint16_t *x, uint16_t *y, size_t rows, size_t columns) {
  return xact::detail::softmax_in_c(xact::detail::as_brain(x), xact::detail::as_brain(y), rows, columns);
}

const char *xact_error(int code) {
  return code == XACT_OK         ? "no error"
         : code == XACT_OVERLAP  ? "input and output overlap without being the same"
         : code == XACT_LEFT_OUT ? "the function is not in this build of the library"
                                 : "null, or more elements than memory holds";
}
const char *xact_isa(void) { return xact::detail::dispatch_table().isa; }
