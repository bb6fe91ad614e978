#include "bench.hpp"

#include <xact/backward.hpp>
#include <xact/gelu.hpp>
#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/tanh.hpp>

namespace {

// dx = dy * f'(x), x and dy being the halves of the input; ns/element is per output, and memcpy that of one array.
template <class T = float, class F>
bool add_backward(const std::string &function, const std::string &tier, const F &f) {
  bench::contenders<T>().push_back({function, tier, [f](const T *in, T *out, std::size_t n) {
                                      using input = std::span<const T>;
                                      xact::backward(f, input(in, n), input(in + n, n), std::span<T>(out, n));
                                    }});
  return true;
}

template <class T> bool add_default_backward() {
  return add_backward<T>("silu_backward", "default", xact::silu) &&
         add_backward<T>("gelu_backward", "default", xact::gelu);
}

// Both gradients of f(gate) * up: two results an element, from three inputs of which `in` has two.
template <class F> bool add_glu_backward(const std::string &function, const std::string &tier, const F &f) {
  bench::contenders<float>().push_back({function, tier, [f](const float *in, float *out, std::size_t n) {
                                          using input = std::span<const float>;
                                          const std::size_t half = n / 2;
                                          xact::backward(f, input(in, half), input(in + half, half),
                                                         input(in + n, half), std::span<float>(out, half),
                                                         std::span<float>(out + half, half));
                                        }});
  return true;
}

[[maybe_unused]] const bool added = bench::add_tiers("sigmoid_derivative", xact::derivative(xact::sigmoid)) &&
                                    bench::add_tiers("tanh_derivative", xact::derivative(xact::tanh)) &&
                                    bench::add_tiers("silu_derivative", xact::derivative(xact::silu)) &&
                                    bench::add_tiers("gelu_derivative", xact::derivative(xact::gelu)) &&
                                    bench::add_tiers("gelu_tanh_derivative", xact::derivative(xact::gelu_tanh)) &&
                                    add_default_backward<float>() && add_default_backward<double>() &&
                                    add_default_backward<xact::float16>() && add_default_backward<xact::bfloat16>() &&
                                    add_backward("silu_backward", "accurate", xact::accurate(xact::silu)) &&
                                    add_backward("gelu_backward", "accurate", xact::accurate(xact::gelu)) &&
                                    add_glu_backward("swiglu_backward", "default", xact::swiglu) &&
                                    add_glu_backward("swiglu_backward", "accurate", xact::accurate(xact::swiglu));

} // namespace
