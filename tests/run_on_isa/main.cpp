// run-on-isa <isa> <program> [arguments]: becomes the program where this CPU has the ISA; else says so and exits
// with 4. The program itself cannot do that: its start-up code may already use the ISA.

#include "cpu_has.hpp"

#include <unistd.h>

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
