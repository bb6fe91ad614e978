/* The library xact::dispatch in C: the main functions of float and of bfloat16 bits, for engines in C, Rust, Zig and
 * Go.
 *
 * y[i] = f(x[i]) for n elements; y may be x. Results are those of xact.hpp, to the bit, on the best instruction set of
 * this CPU; nothing is written where an error is returned. Softmax is that of `rows` rows of `columns` elements, one
 * after the other. Every function may be called by several threads at once.
 */
#ifndef XACT_DISPATCH_H
#define XACT_DISPATCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define XACT_C_API __attribute__((visibility("default")))
#else
#define XACT_C_API
#endif

enum {
  XACT_OK = 0,
  XACT_OVERLAP = 1,  /* x and y share bytes without being the same */
  XACT_LEFT_OUT = 2, /* the function is not in this build of the library */
  XACT_INVALID = 3   /* x or y is null, and there are elements; or there are more than memory can hold */
};

/* What a code means, in English. */
XACT_C_API const char *xact_error(int code);
/* The instruction set that is used: "sse2", "avx2" ... */
XACT_C_API const char *xact_isa(void);

#define XACT_C_FUNCTION(name)                                                                                          \
  XACT_C_API int xact_##name##_f32(const float *x, float *y, size_t n);                                                \
  XACT_C_API int xact_##name##_bf16(const uint16_t *x, uint16_t *y, size_t n);
#define XACT_C_FUNCTIONS(each)                                                                                         \
  each(relu) each(leaky_relu) each(gelu) each(gelu_tanh) each(silu) each(sigmoid) each(tanh) each(softplus) each(mish) \
      each(elu)

XACT_C_FUNCTIONS(XACT_C_FUNCTION)

XACT_C_API int xact_softmax_f32(const float *x, float *y, size_t rows, size_t columns);
XACT_C_API int xact_softmax_bf16(const uint16_t *x, uint16_t *y, size_t rows, size_t columns);

#ifdef __cplusplus
}
#endif
#endif
