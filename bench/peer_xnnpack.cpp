// XNNPACK's operators, one thread. It chooses the best ISA of the CPU and cannot be told otherwise, so it stands in the
// program of that ISA only. An operator is made once, and bound to length and arrays at each call.
#include "bench.hpp"

#include <stdexcept>
#include <xnnpack.h>

namespace {

void require(xnn_status status) {
  if (status != xnn_status_success)
    throw std::runtime_error("XNNPACK: status " + std::to_string(status));
}

#if defined(__x86_64__) || defined(__i386__)
bool is_best_isa() {
  if (__builtin_cpu_supports("avx512f"))
    return bench::isa == "avx512";
  return bench::isa == (__builtin_cpu_supports("avx2") ? "avx2" : "avx");
}
#else
bool is_best_isa() { return true; }
#endif

auto unary(xnn_unary_operator function, const xnn_unary_params *parameters = nullptr) {
  xnn_operator_t op = nullptr;
  require(xnn_initialize(nullptr));
  require(xnn_create_unary_elementwise_nc(function, xnn_datatype_fp32, xnn_datatype_fp32, parameters, nullptr, nullptr,
                                          0, &op));
  return [op](const float *in, float *out, std::size_t n) {
    require(xnn_reshape_unary_elementwise_nc(op, n, 1, 1, 1, nullptr));
    require(xnn_setup_unary_elementwise_nc(op, in, out));
    require(xnn_run_operator(op, nullptr));
  };
}

/// There is no operator for silu: sigmoid, in blocks that stay in L1, and a product.
auto silu() {
  return [sigmoid = unary(xnn_unary_sigmoid)](const float *in, float *out, std::size_t n) {
    for (std::size_t start = 0; start < n; start += 1024) {
      const std::size_t end = std::min<std::size_t>(start + 1024, n);
      sigmoid(in + start, out + start, end - start);
      for (std::size_t i = start; i < end; ++i)
        out[i] *= in[i];
    }
  };
}

auto softmax() {
  xnn_operator_t op = nullptr;
  require(xnn_create_softmax_nc_f32(0, &op));
  return [op](const float *in, float *out, std::size_t columns, std::size_t rows) {
    require(xnn_reshape_softmax_nc_f32(op, columns, columns, columns, rows, nullptr));
    require(xnn_setup_softmax_nc_f32(op, in, out));
    require(xnn_run_operator(op, nullptr));
  };
}

auto leaky_relu() {
  xnn_unary_params parameters = {};
  parameters.leaky_relu.negative_slope = 0.01f;
  return unary(xnn_unary_leaky_relu, &parameters);
}

[[maybe_unused]] const bool added = is_best_isa() && [] {
  bench::peer("xnnpack", "installed")
      .add("leaky_relu", leaky_relu())
      .add("sigmoid", unary(xnn_unary_sigmoid))
      .add("tanh", unary(xnn_unary_tanh))
      .add("silu", silu())
      .add("gelu", unary(xnn_unary_gelu))
      .add_matrices("softmax", softmax());
  return true;
}();

} // namespace
