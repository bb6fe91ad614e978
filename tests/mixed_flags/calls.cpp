// Calls everything in the umbrella header. Compiled once per ISA, with ISA its name, so that a linker that mixes two
// files up has every chance to.

#include <xact/xact.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace {

template <class T, class F> bool call(const F &f) {
  std::vector<T> in(67);
  for (std::size_t i = 0; i < in.size(); ++i)
    in[i] = static_cast<T>(static_cast<double>(i) * 0.25 - 8);
  std::vector<T> out(in.size());
  f(in, out);
  bool same = true;
  for (std::size_t i = 0; i < in.size(); ++i)
    same = same && f(in[i]) == out[i];
  same = same && f(xsimd::batch<T>(in[0])).get(0) == out[0];
  f(in);
  return same && in == out;
}

template <class F> bool tiers(const F &f) {
  return call<float>(f) && call<double>(f) && call<float>(xact::fast(f)) && call<float>(xact::exact(f));
}

template <class T, class F> bool rows(const F &f) {
  std::vector<T> in(5 * 13, T(1));
  std::vector<T> out(in.size());
  f(in, out);
  f(xact::rows(in, 13), xact::rows(out, 13));
  f(in);
  return std::isfinite(out[0]);
}

} // namespace

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

extern "C" bool PASTE(calls_, ISA)() {
  return tiers(xact::relu) && tiers(xact::leaky_relu) && tiers(xact::sigmoid) && tiers(xact::tanh) &&
         tiers(xact::silu) && tiers(xact::gelu) && tiers(xact::gelu_tanh) && rows<float>(xact::softmax) &&
         rows<double>(xact::softmax) && rows<float>(xact::log_softmax) && rows<double>(xact::log_softmax);
}
