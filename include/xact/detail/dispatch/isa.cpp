// What the dispatch library has once per ISA. CMake writes files that include this and define XACT_ISA, its name;
// XACT_TABLE, the object's; XACT_BUILT, the slices' objects; XACT_LISTED, their addresses in the order of the list, and
// nullptr for those that are left out.

#include <xact/activation.hpp>
#include <xact/dispatch.hpp>

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
inline const void *element_at(const types::source &from, std::size_t i) noexcept {
  return static_cast<const unsigned char *>(from.data) + i * size_of(from.type);
}
inline void *element_at(const types::target &to, std::size_t i) noexcept {
  return static_cast<unsigned char *>(to.data) + i * size_of(to.type);
}

/// Types that no kernel has: what is read is made float or double, exactly, and what is written rounded once.
inline void apply(const types::operation &f, const types::source &in, const types::target &out,
                  std::size_t n) noexcept {
  using types::element;
  const bool is_double = in.type == element::float64 || out.type == element::float64;
  const bool is_narrow = out.type != element::float32 && out.type != element::float64;
  const bool is_16 = out.type == element::float16 || out.type == element::bfloat16;
  const types::kernel to_16 = out.type == element::float16 ? types::float_to_float16 : types::float_to_bfloat16;
  const bool once = is_16 && !is_double && !f.derivative;
  const element between = once || !(is_double || is_narrow) ? element::float32 : element::float64;
  const auto tier = static_cast<unsigned>(f.in);
  const types::unary run = once           ? f.of->value[to_16]
                           : f.derivative ? f.of->derivative[is_narrow   ? types::unrounded
                                                             : is_double ? types::double_standard + tier
                                                                         : types::float_standard + tier]
                                          : f.of->value[is_narrow   ? types::unrounded
                                                        : is_double ? types::double_standard + tier
                                                                    : types::float_standard + tier];
  alignas(64) double buffer[part_size];
  for (std::size_t i = 0; i < n; i += part_size) {
    const std::size_t part = n - i < part_size ? n - i : part_size;
    convert(in.type, element_at(in, i), between, buffer, part);
    if (once) {
      run(f.parameters, buffer, element_at(out, i), part);
    } else {
      run(f.parameters, buffer, buffer, part);
      convert(between, buffer, out.type, element_at(out, i), part);
    }
  }
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE

inline namespace XACT_TYPES_NAMESPACE {
namespace erased {
namespace detail {

extern const functions XACT_BUILT;
static constexpr const functions *const listed[] = {XACT_LISTED};
static_assert(sizeof listed / sizeof *listed == functions_listed);

extern constinit const table XACT_TABLE{XACT_ISA, listed, xact::detail::apply};

} // namespace detail
} // namespace erased
} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
