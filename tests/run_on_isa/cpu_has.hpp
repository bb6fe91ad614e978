#pragma once
// What the CPU that this runs on has. Plain code: it is compiled without any ISA flag.

#include <cstdio>
#include <cstdlib>
#include <string_view>

inline bool cpu_has(std::string_view isa) {
  if (isa == "sse2" || isa == "scalar")
    return true;
  if (isa == "sse4.2")
    return __builtin_cpu_supports("sse4.2");
  if (isa == "avx")
    return __builtin_cpu_supports("avx");
  if (isa == "avx2")
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (isa == "avx512" || isa == "vbmi")
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") &&
           (isa == "avx512" || (__builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512vbmi") &&
                                __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vnni")));
  std::fprintf(stderr, "no ISA is called '%.*s'\n", static_cast<int>(isa.size()), isa.data());
  std::exit(2);
}
