#pragma once
// The kernels of one activation and its derivative, compiled for one ISA: default, accurate and exact. A plain table
// that needs no code to be made: a CPU may lack the ISA.

#include <cstddef>

namespace exhaustive {

using kernel = void(const float *in, float *out, std::size_t n);

struct kernels {
  const char *isa;
  kernel *value[3];
  kernel *derivative[3];
};

using kernels_of = kernel *(kernels::*)[3]; // which of the two

} // namespace exhaustive
