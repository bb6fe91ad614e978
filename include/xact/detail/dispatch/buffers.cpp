#pragma once

// Elements of any type made others in buffers: what the files that include this have in common.

#include <xact/detail/call/loop.hpp>
#include <xact/detail/dispatch/table.hpp>
#include <xact/float16.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

/// Elements that go through a buffer together: doubles of 8 KiB.
inline constexpr std::size_t part_size = 1024;

template <class In, class Out> void convert(const void *in, void *out, std::size_t n) noexcept {
  if constexpr (std::same_as<In, Out>) {
    __builtin_memcpy(out, in, n * sizeof(In));
  } else {
    map<native<compute_t<In, Out>>>([](const auto &x) XACT_INLINE { return x; }, n, static_cast<Out *>(out),
                                    static_cast<const In *>(in));
  }
}

template <class... E> struct element_list {
  using conversion = void (*)(const void *, void *, std::size_t) noexcept;
  template <class In> static constexpr conversion from[] = {convert<In, E>...};
  static constexpr const conversion *between[] = {from<E>...};
  static constexpr std::size_t size[] = {sizeof(E)...};
};
using all_elements = element_list<float, double, float16, bfloat16, e4m3, e5m2>;

inline void convert(types::element from, const void *in, types::element to, void *out, std::size_t n) noexcept {
  all_elements::between[static_cast<unsigned>(from)][static_cast<unsigned>(to)](in, out, n);
}
inline std::size_t size_of(types::element e) noexcept { return all_elements::size[static_cast<unsigned>(e)]; }

inline const void *byte_at(const types::source &s, std::size_t i) noexcept {
  return static_cast<const unsigned char *>(s.data) + i * s.step * size_of(s.type);
}
inline void *byte_at(const types::target &t, std::size_t i) noexcept {
  return static_cast<unsigned char *>(t.data) + i * t.step * size_of(t.type);
}

/// Elements from i on, made `to`, exactly.
inline void load(const types::source &from, std::size_t i, types::element to, void *buffer, std::size_t n) noexcept {
  if (from.step == 1) {
    convert(from.type, byte_at(from, i), to, buffer, n);
    return;
  }
  for (std::size_t k = 0; k < n; ++k) { // one by one, as interleaved elements are few
    convert(from.type, byte_at(from, i + k), to, static_cast<unsigned char *>(buffer) + k * size_of(to), 1);
  }
}
/// The other way, rounded once.
inline void store(types::element type, const void *buffer, const types::target &to, std::size_t i,
                  std::size_t n) noexcept {
  if (to.step == 1) {
    convert(type, buffer, to.type, byte_at(to, i), n);
    return;
  }
  for (std::size_t k = 0; k < n; ++k) {
    convert(type, static_cast<const unsigned char *>(buffer) + k * size_of(type), to.type, byte_at(to, i + k), 1);
  }
}
inline types::source as_source(const types::target &to) noexcept { return {to.data, to.type, to.step}; }

/// f's kernel in its tier for T; of double there is no exact one, as `factor` in glu/gate.hpp has it.
template <class T> inline types::unary kernel_of(const types::operation &f) noexcept {
  const types::tier in = sizeof(T) == 8 && f.in == types::tier::exact ? types::tier::accurate : f.in;
  const std::size_t k =
      (sizeof(T) == 4 ? types::float_standard : types::double_standard) + static_cast<std::size_t>(in);
  return f.derivative ? f.of->derivative[k] : f.of->value[k];
}
template <class T> inline constexpr types::element own_element = element_of<T>();

/// run(i, n) for parts of a range.
template <class F> inline void each_part(std::size_t n, std::size_t most, const F &run) {
  for (std::size_t i = 0; i < n; i += most) {
    run(i, n - i < most ? n - i : most);
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
