// The baseline code of the dispatch library: which ISA calls use, and names. CMake writes the file that defines
// XACT_DISPATCH_ISAS(each), the ISAs of this build from the lowest to the best, and includes this.

#include "cpu.cpp"

#include <xact/detail/types/dispatch.hpp>
#include <xact/names.hpp>

namespace xact {
inline namespace XACT_TYPES_NAMESPACE {
namespace erased {
namespace detail {

#define XACT_TABLE_(isa) extern const table table_of_##isa;
XACT_DISPATCH_ISAS(XACT_TABLE_)
#undef XACT_TABLE_

namespace {

#define XACT_TABLE_(isa) &table_of_##isa,
constexpr const table *built[] = {XACT_DISPATCH_ISAS(XACT_TABLE_)};
#undef XACT_TABLE_
constexpr std::size_t count = sizeof built / sizeof *built;

/// Names of what runs here, the best first.
struct names_here {
  std::string_view names[count];
  std::size_t size = 0;

  names_here() {
    for (std::size_t i = count; i-- > 0;) {
      if (runs_here(built[i]->isa)) {
        names[size++] = built[i]->isa;
      }
    }
  }
};
const names_here &here() {
  static const names_here all;
  return all;
}

const table &wanted() {
#define XACT_TABLE_(isa) #isa,
  constexpr const char *names[] = {XACT_DISPATCH_ISAS(XACT_TABLE_)};
#undef XACT_TABLE_
  return *built[choose_isa(names, count)];
}

} // namespace

constinit const table *chosen = nullptr;

const table &choose() noexcept {
  static const table &first = wanted(); // the threads that come together wait for it here, none afterwards
  __atomic_store_n(&chosen, &first, __ATOMIC_RELEASE);
  return first;
}

std::size_t isas(const std::string_view *&names) noexcept {
  names = here().names;
  return here().size;
}

function find(const char *name, std::size_t length, double (&parameters)[most_parameters]) noexcept {
  function found = function::count;
  xact::for_name({name, length}, [&](const auto &f) {
    using F = std::remove_cvref_t<decltype(f)>;
    unsigned i = 0;
    const auto same = [&]<class G>(const G &) { return std::same_as<F, G> || (++i, false); };
    std::apply([&](const auto &...entry) { (same(entry.f) || ...); }, xact::activations);
    found = static_cast<function>(i);
    if constexpr (!std::is_empty_v<F>) {
      __builtin_memcpy(parameters, &f, sizeof f);
    }
  });
  return found;
}

} // namespace detail
} // namespace erased
} // namespace XACT_TYPES_NAMESPACE
} // namespace xact
