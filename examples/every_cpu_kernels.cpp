// A kernel of one's own, compiled once per instruction set by xact_target_isas (CMakeLists.txt) and declared in
// every_cpu_kernels.hpp.

#include "every_cpu_kernels.hpp"

#include <xact/silu.hpp>
#include <xact/transform.hpp>

namespace XACT_ISA_NAMESPACE {

void silu_of_sum(std::span<const float> x, std::span<const float> bias, std::span<float> y) {
  xact::transform([](const auto &v, const auto &b) { return xact::silu(v + b); }, x, bias, y);
}

} // namespace XACT_ISA_NAMESPACE
