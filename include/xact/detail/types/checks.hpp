#pragma once

/// @file
/// Preconditions of range calls: one clear error, before anything is written.

#include <xact/detail/types/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#if defined(__cpp_exceptions)
#include <stdexcept>
#else
#include <cstdlib>
#endif

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Throws std::invalid_argument, or prints the message and aborts where exceptions are off.
/// `format` is printf's.
template <class... Numbers>
[[noreturn, gnu::noinline, gnu::cold]] inline void refuse(const char *format, Numbers... numbers) {
  char message[192];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
  std::snprintf(message, sizeof message, format, numbers...);
#pragma GCC diagnostic pop
#if defined(__cpp_exceptions)
  throw std::invalid_argument(message);
#else
  std::fprintf(stderr, "%s\n", message);
  std::abort();
#endif
}

/// By bits: callers of the dispatch library may be compiled with -ffast-math, where no comparison finds these.
constexpr std::uint64_t magnitude_bits(double x) noexcept {
  return __builtin_bit_cast(std::uint64_t, x) & ~(std::uint64_t{1} << 63);
}
constexpr bool is_nan_by_bits(double x) noexcept { return magnitude_bits(x) > std::uint64_t{0x7ff} << 52; }
constexpr bool is_finite_by_bits(double x) noexcept { return magnitude_bits(x) < std::uint64_t{0x7ff} << 52; }
constexpr bool is_minus_infinity(double x) noexcept {
  return __builtin_bit_cast(std::uint64_t, x) == std::uint64_t{0xfff} << 52;
}

/// An activation's complaint about its parameters, from its member `refusal`: a format of printf's for one value, or
/// none where nothing is wrong.
struct refusal {
  const char *format = nullptr;
  double value = 0;
};
constexpr refusal refusal_unless(bool means_something, const char *format, double value) noexcept {
  return means_something ? refusal{} : refusal{format, value};
}
constexpr refusal refusal_unless_finite(const char *format, double value) noexcept {
  return refusal_unless(value - value == 0, format, value);
}
/// Whether products and quotients of two such numbers, and a double in two parts times one, stay clear of double's
/// limits.
constexpr bool is_usual(double value) noexcept {
  const double size = value < 0 ? -value : value;
  return 1e-100 <= size && size <= 1e100;
}
constexpr refusal refusal_unless_usual_or_0(const char *format, double value) noexcept {
  return refusal_unless(value == 0 || is_usual(value), format, value);
}
inline void refuse_if(const refusal &r) {
  if (r.format != nullptr) [[unlikely]] {
    refuse(r.format, r.value);
  }
}
template <class F> inline void require_meaning(const F &f) {
  if constexpr (requires { f.refusal(); }) {
    refuse_if(f.refusal());
  }
}

/// An argument of a call: what it is called, and the memory that it covers: rows of elements, a range being one row.
struct argument {
  const char *name;
  const void *data;
  std::size_t count, columns, stride, element; ///< `element` in bytes
};

template <class E> XACT_INLINE inline argument named(const char *name, const row_view<E> &rows) noexcept {
  return {name, rows.data, rows.count, rows.columns, rows.stride, sizeof(E)};
}

inline bool is_same(const argument &a, const argument &b) noexcept {
  return a.data == b.data && a.count == b.count && a.columns == b.columns && a.element == b.element &&
         (a.stride == b.stride || a.count < 2);
}

/// Whether two arguments share a byte. Rows that pass through the gaps of other rows, as the halves of one matrix do,
/// share none.
inline bool overlap(const argument &a, const argument &b) noexcept {
  const auto bytes = [](const argument &x) { return ((x.count - 1) * x.stride + x.columns) * x.element; };
  const auto from_a = reinterpret_cast<std::uintptr_t>(a.data);
  const auto from_b = reinterpret_cast<std::uintptr_t>(b.data);
  if (a.count * a.columns == 0 || b.count * b.columns == 0 || from_a >= from_b + bytes(b) ||
      from_b >= from_a + bytes(a)) {
    return false;
  }
  const std::size_t stride = (a.count < b.count ? b : a).stride * (a.count < b.count ? b : a).element;
  const bool one_stride =
      (a.count < 2 || a.stride * a.element == stride) && (b.count < 2 || b.stride * b.element == stride);
  const std::size_t off =
      from_b >= from_a ? (from_b - from_a) % stride : (stride - (from_a - from_b) % stride) % stride;
  return !(one_stride && off >= a.columns * a.element && off + b.columns * b.element <= stride);
}

/// That two arguments have as many rows of as many columns.
inline void require_same_shape(const char *function, const argument &a, const argument &b) {
  if (a.count != b.count || a.columns != b.columns) [[unlikely]] {
    if (a.count == 1 && b.count == 1) {
      refuse("xact::%s: '%s' has %zu elements and '%s' has %zu", function, a.name, a.columns, b.name, b.columns);
    }
    refuse("xact::%s: '%s' has %zu rows of %zu and '%s' has %zu rows of %zu", function, a.name, a.count, a.columns,
           b.name, b.count, b.columns);
  }
}

/// That what is written does not overlap what is read, unless they are the same: anything between would read what was
/// already overwritten.
inline void require_apart(const char *function, const argument &read, const argument &written,
                          bool may_be_same = true) {
  if (!(may_be_same && is_same(read, written)) && overlap(read, written)) [[unlikely]] {
    refuse("xact::%s: '%s' (%zu elements) and '%s' (%zu) overlap%s", function, read.name, read.count * read.columns,
           written.name, written.count * written.columns, may_be_same ? " without being the same" : "");
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
