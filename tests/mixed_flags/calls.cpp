// Calls what the umbrella header has, one of each kind. Compiled once per ISA, with ISA its name, so that a linker that
// mixes two files up has every chance to. Only plain arrays and loops here: what the files share then comes from the
// headers.

#include <xact/xact.hpp>

#include <cstddef>

namespace {

template <class T> struct data {
  static constexpr std::size_t columns = 13;
  T in[5 * columns];
  T out[5 * columns];

  data() {
    T x = -8;
    for (T &element : in) {
      element = x;
      x += T(0.25);
    }
  }
};

template <class T, class F> bool call(const F &f) {
  data<T> d;
  f(d.in, d.out);
  bool same = f(xsimd::batch<T>(d.in[0])).get(0) == d.out[0];
  for (std::size_t i = 0; i < 5 * d.columns; ++i)
    same = same && f(d.in[i]) == d.out[i];
  f(d.in);
  return same && d.in[0] == d.out[0];
}

template <class F> bool tiers(const F &f) {
  return call<float>(f) && call<double>(f) && call<float>(xact::accurate(f)) && call<float>(xact::exact(f));
}

template <class T, class F> bool rows(const F &f) {
  data<T> d;
  f(d.in, d.out);
  f(xact::rows(d.in, d.columns), xact::rows(d.out, d.columns));
  const T first = d.out[0];
  f(d.in);
  return first == first;
}

template <class F> bool row_tiers(const F &f) {
  return rows<float>(f) && rows<double>(f) && rows<float>(xact::accurate(f)) && rows<float>(xact::exact(f));
}

// Gradients, gated units, 16 bits, tables, streaming.
bool others() {
  data<float> d, e;
  const float dy[5 * d.columns] = {1.0f};
  xact::derivative(xact::silu)(d.in, d.out);
  xact::backward(xact::gelu, d.in, dy, d.out);
  xact::log_softmax(d.in, d.out);
  xact::swiglu(d.in, dy, d.out);
  xact::backward(xact::swiglu, d.in, d.in, dy, d.out, e.out);
  xact::float16 half[5 * d.columns];
  xact::bfloat16 brain[5 * d.columns];
  xact::silu(d.in, half);
  xact::silu(half);
  xact::gelu(d.in, brain);
  xact::gelu(brain);
  xact::transform([](auto x) { return xact::silu(x); }, half, brain);
  std::int8_t codes[] = {-3, 0, 5};
  xact::tabulate<std::int8_t>(xact::gelu, {0.1f, 0}, {0.1f, 0})(codes, codes);
  xact::softmax_state state;
  state.update(d.in);
  state.write(d.in, d.out);
  return d.out[0] >= 0 && codes[1] == 0;
}

} // namespace

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

extern "C" bool PASTE(calls_, ISA)() {
  return tiers(xact::relu) && tiers(xact::tanh) && tiers(xact::gelu) && row_tiers(xact::softmax) && others();
}
