// inspect and compare in the dispatch library, once per ISA.

#include <xact/compare.hpp>
#include <xact/detail/call/inspect.hpp>
#include <xact/detail/dispatch/table.hpp>
#include <xact/float16.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

using types::element;

template <class E> void inspect_in(census &seen, const void *from, std::size_t n, std::size_t first) noexcept {
  inspector<E> look;
  look(static_cast<const E *>(from), n, first);
  seen.merge(look.result());
}
void inspect_elements(census &seen, const types::source &from, std::size_t n, std::size_t first) noexcept {
  using run = void (*)(census &, const void *, std::size_t, std::size_t) noexcept;
  static constexpr run runs[] = {inspect_in<float>,       inspect_in<double>,       inspect_in<float16>,
                                 inspect_in<bfloat16>,    inspect_in<e4m3>,         inspect_in<e5m2>,
                                 inspect_in<std::int8_t>, inspect_in<std::uint8_t>, inspect_in<int4_pair>};
  runs[static_cast<unsigned>(from.type)](seen, from.data, n, first);
}

template <class A, class B>
void compare_in(drift &d, const void *reference, const void *candidate, std::size_t n, std::size_t first,
                std::size_t k) noexcept {
  const A *const a = static_cast<const A *>(reference);
  const B *const b = static_cast<const B *>(candidate);
  comparer<A, B>{d}(a, b, n, first);
  if (k != 0) {
    compare_row(d, a, b, n, k);
  }
}
/// The reference's type in a row, the candidate's in a column: there are those that meet.
void compare_elements(drift &d, const types::source &reference, const types::source &candidate, std::size_t n,
                      std::size_t first, std::size_t k) noexcept {
  using run = void (*)(drift &, const void *, const void *, std::size_t, std::size_t, std::size_t) noexcept;
  static constexpr run of_float[] = {compare_in<float, float>,    compare_in<float, double>, compare_in<float, float16>,
                                     compare_in<float, bfloat16>, compare_in<float, e4m3>,   compare_in<float, e5m2>};
  static constexpr run of_same[] = {compare_in<float, float>,     compare_in<double, double>,
                                    compare_in<float16, float16>, compare_in<bfloat16, bfloat16>,
                                    compare_in<e4m3, e4m3>,       compare_in<e5m2, e5m2>};
  (reference.type == element::float32 ? of_float : of_same)[static_cast<unsigned>(candidate.type)](
      d, reference.data, candidate.data, n, first, k);
}

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
