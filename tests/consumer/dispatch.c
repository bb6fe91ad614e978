/* The library xact::dispatch from C. */
#include <xact/dispatch.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  const float x[4] = {-INFINITY, -1.0f, 0.0f, 2.0f};
  const uint16_t brain[2] = {0xbf80, 0x4000}; /* -1, 2 */
  float y[4] = {9, 9, 9, 9};
  uint16_t z[2];
  int right = xact_gelu_f32(x, y, 4) == XACT_OK && y[0] == 0.0f && signbit(y[0]) && fabsf(y[1] + 0.15865525f) < 1e-6f &&
              fabsf(y[3] - 1.9544997f) < 1e-6f;
  right = right && xact_gelu_bf16(brain, z, 2) == XACT_OK && z[0] == 0xbe22 && z[1] == 0x3ffa;
  right = right && xact_softmax_f32(x + 1, y, 1, 3) == XACT_OK && fabsf(y[0] + y[1] + y[2] - 1.0f) < 1e-6f;
  right = right && xact_softmax_f32(y, y, 0, 3) == XACT_OK && xact_gelu_f32(NULL, NULL, 0) == XACT_OK;
  const float before = y[1];
  right = right && xact_gelu_f32(y, y + 1, 2) == XACT_OVERLAP && y[1] == before;
  right = right && xact_gelu_f32(NULL, y, 2) == XACT_INVALID && strlen(xact_error(XACT_OVERLAP)) > 0;
  printf("%s: %s\n", xact_isa(), right ? "right" : "wrong");
  return right ? 0 : 1;
}
