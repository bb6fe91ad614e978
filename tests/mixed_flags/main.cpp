// mixed <number of ISAs>: calls the files of the first ISAs; the others are linked, and must not be touched.

#include <cstdio>
#include <cstdlib>

extern "C" {
bool calls_sse2();
bool calls_avx2();
bool calls_avx512();
}

int main(int argc, char **argv) {
  const int isas = argc == 2 ? std::atoi(argv[1]) : 0;
  const bool right = isas >= 1 && calls_sse2() && (isas < 2 || calls_avx2()) && (isas < 3 || calls_avx512());
  std::printf("%d ISAs: %s\n", isas, right ? "right" : "wrong");
  return right ? 0 : 1;
}
