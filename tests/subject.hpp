#pragma once
// A function in one tier as the checks see it: each call form once, behind a pointer. So a check is compiled once, not
// once per function and tier.

#include <functional>
#include <span>
#include <xsimd/xsimd.hpp>

#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
template <class T> using lanes = T; // plain scalar: xsimd has no batch
#else
template <class T> using lanes = xsimd::batch<T>;
#endif

template <class T> struct subject {
  std::function<T(T)> value;
  std::function<lanes<T>(lanes<T>)> batch;
  std::function<void(std::span<const T>, std::span<T>)> range;
  std::function<void(std::span<T>)> in_place;

  template <class F>
  explicit subject(const F &f)
      : value([f](T x) { return f(x); }), batch([f](lanes<T> x) { return f(x); }),
        range([f](std::span<const T> in, std::span<T> out) { f(in, out); }), in_place([f](std::span<T> x) { f(x); }) {
    static_assert(noexcept(f(T())) && noexcept(f(lanes<T>())));
  }
};
