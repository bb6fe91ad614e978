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

dnnl::eltwise_forward make(const dnnl::memory::desc &shape, algorithm function, float alpha) {
  constexpr auto inference = dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return dnnl::eltwise_forward({one_thread().engine, inference, function, shape, shape, alpha, 0.f});
#else
  return dnnl::eltwise_forward({{inference, function, shape, alpha, 0.f}, one_thread().engine});
#endif
}

struct primitive {
  dnnl::memory::desc shape;
  dnnl::eltwise_forward forward;
  dnnl::memory source, target;

  primitive(std::size_t n, algorithm function, float alpha)
      : shape({static_cast<dnnl::memory::dim>(n)}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::a),
        forward(make(shape, function, alpha)), source(shape, one_thread().engine, nullptr),
        target(shape, one_thread().engine, nullptr) {}
};

auto eltwise(algorithm function, float alpha = 0) {
  const auto kept = std::make_shared<std::map<std::size_t, primitive>>();
  return [kept, function, alpha](const float *in, float *out, std::size_t n) {
    primitive &p = kept->try_emplace(n, n, function, alpha).first->second;
    p.source.set_data_handle(const_cast<float *>(in));
    p.target.set_data_handle(out);
    p.forward.execute(one_thread().stream, {{DNNL_ARG_SRC, p.source}, {DNNL_ARG_DST, p.target}});
    one_thread().stream.wait();
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
      .add("gelu_tanh", eltwise(algorithm::eltwise_gelu_tanh));
  return true;
}();

} // namespace
