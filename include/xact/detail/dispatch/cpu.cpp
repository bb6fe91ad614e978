// Which of some ISAs this CPU runs, and which is to be used: the code of xact::dispatch's chooser and of
// xact_target_isas, for baseline flags. Who includes it has a copy of his own.

#include <xact/detail/lanes/xsimd.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

[[maybe_unused]] bool runs_here(std::string_view isa) {
  const auto cpu = xsimd::available_architectures();
  bool avx2 = cpu.avx2 && cpu.fma3_avx2, avx512 = cpu.avx512f && cpu.avx512cd && cpu.avx512dq && cpu.avx512bw;
#if XSIMD_VERSION_MAJOR >= 14 // before, xsimd does not tell; no CPU has the others without these
  avx2 = avx2 && xsimd::cpu_features().f16c();
  avx512 = avx512 && cpu.avx512vl;
#endif
  return isa == "avx2" ? avx2 : isa == "avx512" ? avx2 && avx512 : true;
}

/// The index of the best of `count` ISAs, which stand from the baseline on, or of the one that XACT_ISA names.
[[maybe_unused]] std::size_t choose_isa(const char *const *built, std::size_t count) {
  std::size_t best = 0, named = count;
  const char *const value = std::getenv("XACT_ISA");
  const std::string_view wanted = value == nullptr ? "" : value;
  std::string here;
  for (std::size_t i = 0; i < count; ++i) {
    if (runs_here(built[i])) {
      best = i;
      named = wanted == built[i] || (i == 0 && wanted == "baseline") ? i : named;
      here.append(" ").append(built[i]);
    }
  }
  if (named == count && !wanted.empty()) {
    std::fprintf(stderr, "xact: XACT_ISA is '%s', which this CPU or this build lacks; there are:%s; %s is used\n",
                 value, here.c_str(), built[best]);
  }
  return named == count ? best : named;
}

} // namespace
