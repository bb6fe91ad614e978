// run-on-isa <isa> <program> [arguments]: becomes the program where this CPU has the ISA; else says so and exits
// with 4. The program itself cannot do that: its start-up code may already use the ISA.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

bool cpu_has(std::string_view isa) {
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
  std::fprintf(stderr, "run-on-isa: no ISA is called '%.*s'\n", static_cast<int>(isa.size()), isa.data());
  std::exit(2);
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: run-on-isa <isa> <program> [arguments]\n");
    return 2;
  }
  if (!cpu_has(argv[1])) {
    std::printf("skipped: %s, because this CPU lacks %s\n", argv[2], argv[1]);
    return 4;
  }
  execv(argv[2], argv + 2);
  std::perror(argv[2]);
  return 2;
}
