// One mistake, by number: the compiler must refuse it, and its first three lines say what to write instead
// (compile_flags.cmake has the words). 0: nothing is wrong.

#include <xact/xact.hpp>

#include <list>
#include <vector>

void use(std::vector<float> &x, std::vector<float> &y, const std::vector<float> &constant, std::vector<int> &integers,
         std::vector<std::uint16_t> &bits, std::vector<bool> &bools, const float *p, float *q, std::size_t n) {
  static_cast<void>(constant), static_cast<void>(integers), static_cast<void>(bits), static_cast<void>(bools);
  static_cast<void>(p), static_cast<void>(q), static_cast<void>(n);
  const auto &f = ACTIVATION;
#if MISTAKE < 20 || MISTAKE > 23
  f(x, y);
#else
  f(x, x, y);
#endif
#if MISTAKE == 1
  f(3);
#elif MISTAKE == 2
  f(integers);
#elif MISTAKE == 3
  f(bits, y);
#elif MISTAKE == 4
  f(p, q, n);
#elif MISTAKE == 5
  f(q, n);
#elif MISTAKE == 6
  f({1.0f, 2.0f}, y);
#elif MISTAKE == 7
  f(bools, y);
#elif MISTAKE == 8
  f(x, constant);
#elif MISTAKE == 9
  f(constant);
#elif MISTAKE == 10
  f(x, std::vector<float>(n));
#elif MISTAKE == 11
  auto result = f(x);
#elif MISTAKE == 12
  std::vector<float> result = f(x);
#elif MISTAKE == 13
  xact::exact(f)(1.0);
#elif MISTAKE == 14
  f(xact::rows(x, 2), y);
#elif MISTAKE == 15
  f(x, y, n);
#elif MISTAKE == 16
  f(0.5f, x, y);
#elif MISTAKE == 17
  f(1.0L);
#elif MISTAKE == 18
  f(x, y, {.mask = integers});
#elif MISTAKE == 19
  f(integers, y, {.scale = 2});
#elif MISTAKE == 20
  f(x, y);
#elif MISTAKE == 21
  f(x, integers, y);
#elif MISTAKE == 22
  f(x, y, std::vector<float>(n));
#elif MISTAKE == 23
  f(x, constant, {.swapped = true});
#elif MISTAKE == 24
  xact::transform(f, x, constant);
#elif MISTAKE == 25
  xact::transform(f, x, integers, y);
#elif MISTAKE == 26
  xact::transform(f, x, 2.0f, y);
#endif
}
