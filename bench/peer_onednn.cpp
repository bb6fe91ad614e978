// oneDNN, one thread. It makes its own code at run time: it is told not to use more than the ISA that this file is
// compiled for. A primitive is bound to a length; one is kept for each that was asked for.
#include "bench.hpp"

#include <map>
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

namespace {

using dnnl::algorithm;

#if defined(__AVX512F__)
constexpr auto allowed = dnnl::cpu_isa::avx512_core;
#elif defined(__AVX2__)
constexpr auto allowed = dnnl::cpu_isa::avx2;
#elif defined(__AVX__)
constexpr auto allowed = dnnl::cpu_isa::avx;
#else
constexpr auto allowed = dnnl::cpu_isa::sse41;
#endif

struct library {
  library() {
    dnnl::set_max_cpu_isa(allowed);
    omp_set_num_threads(1);
  }
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
};

library &one_thread() {
  static library instance;
  return instance;
}

constexpr auto inference = dnnl::prop_kind::forward_inference;
using dimension = dnnl::memory::dim;

/// A primitive made for one shape, and its arguments.
struct bound {
  dnnl::primitive forward;
  dnnl::memory source, target;

  bound(const dnnl::memory::desc &shape, const dnnl::primitive &its_forward)
      : forward(its_forward), source(shape, one_thread().engine, nullptr), target(shape, one_thread().engine, nullptr) {
  }

  void run(const float *in, float *out) {
    source.set_data_handle(const_cast<float *>(in));
    target.set_data_handle(out);
    forward.execute(one_thread().stream, {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, target}});
    one_thread().stream.wait();
  }
};

bound make_eltwise(std::size_t n, algorithm function, float alpha) {
  const dnnl::memory::desc shape({static_cast<dimension>(n)}, dnnl::memory::data_type::f32, {1});
#if DNNL_VERSION_MAJOR >= 3
  return {shape, dnnl::eltwise_forward({one_thread().engine, inference, function, shape, shape, alpha, 0.f})};
#else
  return {shape, dnnl::eltwise_forward({{inference, function, shape, alpha, 0.f}, one_thread().engine})};
#endif
}

bound make_softmax(std::size_t columns, std::size_t rows, bool log) {
  const auto width = static_cast<dimension>(columns);
  const dnnl::memory::desc shape({static_cast<dimension>(rows), width}, dnnl::memory::data_type::f32, {width, 1});
#if DNNL_VERSION_MAJOR >= 3
  const algorithm function = log ? algorithm::softmax_log : algorithm::softmax_accurate;
  return {shape, dnnl::softmax_forward({one_thread().engine, inference, function, shape, shape, 1})};
#else
  if (log)
    return {shape, dnnl::logsoftmax_forward({{inference, shape, 1}, one_thread().engine})};
  return {shape, dnnl::softmax_forward({{inference, shape, 1}, one_thread().engine})};
#endif
}

auto eltwise(algorithm function, float alpha = 0) {
  const auto kept = std::make_shared<std::map<std::size_t, bound>>();
  return [kept, function, alpha](const float *in, float *out, std::size_t n) {
    auto found = kept->find(n);
    if (found == kept->end())
      found = kept->emplace(n, make_eltwise(n, function, alpha)).first;
    found->second.run(in, out);
  };
}

auto softmax(bool log) {
  const auto kept = std::make_shared<std::map<std::pair<std::size_t, std::size_t>, bound>>();
  return [kept, log](const float *in, float *out, std::size_t columns, std::size_t rows) {
    auto found = kept->find({columns, rows});
    if (found == kept->end())
      found = kept->emplace(std::pair(columns, rows), make_softmax(columns, rows, log)).first;
    found->second.run(in, out);
  };
}

const std::string version = std::to_string(DNNL_VERSION_MAJOR) + "." + std::to_string(DNNL_VERSION_MINOR) + "." +
                            std::to_string(DNNL_VERSION_PATCH);

// Below SSE4.1 oneDNN has only its scalar reference code.
[[maybe_unused]] const bool added = bench::isa != "sse2" && [] {
  bench::peer("onednn", version)
      .add("relu", eltwise(algorithm::eltwise_relu))
      .add("leaky_relu", eltwise(algorithm::eltwise_relu, 0.01f))
      .add("sigmoid", eltwise(algorithm::eltwise_logistic))
      .add("tanh", eltwise(algorithm::eltwise_tanh))
      .add("silu", eltwise(algorithm::eltwise_swish, 1))
      .add("gelu", eltwise(algorithm::eltwise_gelu_erf))
      .add("gelu_tanh", eltwise(algorithm::eltwise_gelu_tanh))
      .add_matrices("softmax", softmax(false))
      .add_matrices("log_softmax", softmax(true));
  return true;
}();

} // namespace
