#include "bench.hpp"

#include <xact/float16.hpp>
#include <xact/gelu.hpp>
#include <xact/relu.hpp>
#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/tanh.hpp>

namespace {

template <class T> bool add_all() {
  using bench::add;
  return add<T>("relu", "default", xact::relu) && add<T>("sigmoid", "default", xact::sigmoid) &&
         add<T>("tanh", "default", xact::tanh) && add<T>("silu", "default", xact::silu) &&
         add<T>("gelu", "default", xact::gelu) && add<T>("gelu_tanh", "default", xact::gelu_tanh);
}

[[maybe_unused]] const bool added = add_all<xact::float16>() && add_all<xact::bfloat16>();

} // namespace
