#pragma once

/// @file
/// Preconditions of range calls: one clear error, before anything is written.

#include <xact/detail/config.hpp>

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

inline void require_equal_length(std::size_t in, std::size_t out) {
  if (in != out) [[unlikely]] {
    refuse("xact: the input has %zu elements and the output has %zu", in, out);
  }
}

/// For outputs of another shape than the input.
inline void require_disjoint(const void *in, std::size_t in_bytes, const void *out, std::size_t out_bytes) {
  const auto a = reinterpret_cast<std::uintptr_t>(in);
  const auto b = reinterpret_cast<std::uintptr_t>(out);
  if (a < b + out_bytes && b < a + in_bytes) [[unlikely]] {
    refuse("xact: input (%zu bytes) and output (%zu bytes) overlap", in_bytes, out_bytes);
  }
}

/// Two ranges may be the same (in place) or disjoint: anything between would read what was already overwritten.
inline void require_same_or_disjoint(const void *in, std::size_t in_bytes, const void *out, std::size_t out_bytes) {
  const auto a = reinterpret_cast<std::uintptr_t>(in);
  const auto b = reinterpret_cast<std::uintptr_t>(out);
  const bool same = a == b && in_bytes == out_bytes;
  if (!same && a < b + out_bytes && b < a + in_bytes) [[unlikely]] {
    refuse("xact: input (%zu bytes) and output (%zu bytes) overlap without being the same range", in_bytes, out_bytes);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
