// The baseline code of the dispatch library: which ISA calls use, and names. CMake writes the file that defines
// XACT_DISPATCH_ISAS(each), the ISAs of this build from the lowest to the best, and includes this.

#include <xact/detail/types/dispatch.hpp>
#include <xact/names.hpp>

#include <xsimd/xsimd.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

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

bool runs_here(std::string_view isa) {
  const auto cpu = xsimd::available_architectures();
  bool avx2 = cpu.avx2 && cpu.fma3_avx2, avx512 = cpu.avx512f && cpu.avx512cd && cpu.avx512dq && cpu.avx512bw;
#if XSIMD_VERSION_MAJOR >= 14 // before, xsimd does not tell; no CPU has the others without these
  avx2 = avx2 && xsimd::cpu_features().f16c();
  avx512 = avx512 && cpu.avx512vl;
#endif
  return isa == "avx2" ? avx2 : isa == "avx512" ? avx2 && avx512 : true;
}

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
  const table *best = built[0], *lowered = nullptr;
  const char *name = std::getenv("XACT_ISA");
  name = name != nullptr && std::string_view(name) == "baseline" ? best->isa : name;
  for (const table *const each : built) {
    if (runs_here(each->isa)) {
      best = each;
      lowered = name != nullptr && std::string_view(name) == each->isa ? each : lowered;
    }
  }
  if (name != nullptr && *name != 0 && lowered == nullptr) {
    std::string all;
    for (std::size_t i = 0; i < here().size; ++i) {
      (all += ' ').append(here().names[i]);
    }
    std::fprintf(stderr, "xact: XACT_ISA is '%s', which this CPU or this build lacks; there are:%s; %s is used\n", name,
                 all.c_str(), best->isa);
  }
  return lowered != nullptr ? *lowered : *best;
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
