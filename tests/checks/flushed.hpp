#pragma once
// FTZ and DAZ: with the caller's flags set, subnormals may become zeros, and nothing else may change.

#include "../subject.hpp"

#include <cstdint>
#include <string>
#include <vector>
#if defined(__x86_64__) || defined(__SSE2__)
#include <immintrin.h>
#endif

/// Sets the CPU to flush subnormals, for its lifetime. `possible` is false where xact's tests do not know how.
class flush_subnormals {
public:
#if defined(__x86_64__) || defined(__SSE2__)
  static constexpr bool possible = true;
  flush_subnormals() : before(_mm_getcsr()) { _mm_setcsr(before | 0x8040); } // FTZ, DAZ
  ~flush_subnormals() { _mm_setcsr(before); }

private:
  unsigned before;
#elif defined(__aarch64__)
  static constexpr bool possible = true;
  flush_subnormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before));
    asm volatile("msr fpcr, %0" ::"r"(before | (1u << 24))); // FZ
  }
  ~flush_subnormals() { asm volatile("msr fpcr, %0" ::"r"(before)); }

private:
  std::uint64_t before;
#else
  static constexpr bool possible = false;
#endif
};

/// A normal result of a normal x keeps its bits; a subnormal result may be 0; a subnormal x may count as 0.
template <class T> std::string unharmed_by_flushing(const subject<T> &f, const std::vector<T> &xs);
