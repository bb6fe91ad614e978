#pragma once

/// @file
/// The float kernels of tanh, in the default and the accurate tier: the addition formula about the points of a table.
/// tanh(b + t) = (T*D + t)/(D + T*t) with T = tanh(b), D = t*coth(t) = 1 + t^2*slope. Constants:
/// tests/sollya/tanh_float.py.

#include <xact/detail/lanes/tables.hpp>
#include <xact/detail/types/facts.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr table<float, 32> tanh_half_steps = {
    0x0p+0f,        0x1.d9353ep-2f, 0x1.85efacp-1f, 0x1.cf6f98p-1f, 0x1.ed9506p-1f, 0x1.f92582p-1f, 0x1.fd77d2p-1f,
    0x1.ff112cp-1f, 0x1.ffa818p-1f, 0x1.ffdfa8p-1f, 0x1.fff41ap-1f, 0x1.fffbap-1f,  0x1.fffe64p-1f, 0x1.ffff68p-1f,
    0x1.ffffc8p-1f, 0x1.ffffecp-1f, 0x1.fffff8p-1f, 0x1.fffffep-1f, 0x1.fffffep-1f, 0x1p+0f,        0x1p+0f,
    0x1p+0f,        0x1p+0f,        0x1p+0f,        0x1p+0f,        0x1p+0f,        0x1p+0f,        0x1p+0f,
    0x1p+0f,        0x1p+0f,        0x1p+0f,        0x1p+0f}; // tanh(j/2)

// b and T, which is a float to 2^-36 and better; t = a - b and T + t are exact.
inline constexpr table<float, 32> tanh_points_32 = {
    0x0p+0f,        0x1.400624p-2f, 0x1.400dfap-1f, 0x1.dfd2ecp-1f, 0x1.3fac18p+0f, 0x1.8fe21ep+0f, 0x1.e07d3p+0f,
    0x1.171a76p+1f, 0x1.3f390ap+1f, 0x1.6a56ecp+1f, 0x1.8da16cp+1f, 0x1.b811f8p+1f, 0x1.e01726p+1f, 0x1.04ae06p+2f,
    0x1.17fa34p+2f, 0x1.2aea06p+2f, 0x1.3f71a6p+2f, 0x1.552ca4p+2f, 0x1.67057ap+2f, 0x1.7c38dp+2f,  0x1.9044c4p+2f,
    0x1.a472ep+2f,  0x1.b7d858p+2f, 0x1.caa78p+2f,  0x1.e0d5c4p+2f, 0x1.f12e72p+2f, 0x1.fe2804p+2f, 0x1.0a2b24p+3f,
    0x1.0a2b24p+3f, 0x1.22p+3f,     0x1.2cp+3f,     0x1.36p+3f};
inline constexpr table<float, 32> tanh_values_32 = {
    0x0p+0f,        0x1.35ff1ep-2f, 0x1.1bfe2cp-1f, 0x1.77c36ep-1f, 0x1.b2232p-1f,  0x1.d4dd5p-1f,  0x1.e88f1p-1f,
    0x1.f317b8p-1f, 0x1.f91038p-1f, 0x1.fc73a8p-1f, 0x1.fdf3e8p-1f, 0x1.fef1b4p-1f, 0x1.ff6f4cp-1f, 0x1.ffb40cp-1f,
    0x1.ffd67p-1f,  0x1.ffe9p-1f,   0x1.fff3e4p-1f, 0x1.fff9dcp-1f, 0x1.fffc7cp-1f, 0x1.fffe3p-1f,  0x1.ffff08p-1f,
    0x1.ffff7cp-1f, 0x1.ffffb8p-1f, 0x1.ffffd8p-1f, 0x1.ffffecp-1f, 0x1.fffff4p-1f, 0x1.fffff8p-1f, 0x1.fffffcp-1f,
    0x1.fffffcp-1f, 0x1p+0f,        0x1p+0f,        0x1p+0f};
inline constexpr table<float, 8> tanh_points_8 = {0x1.5fe8bep+2f, 0x1.e0d5c4p+2f, 0x1.0a2b24p+3f, 0x0p+0f,
                                                  0x1.804c7p-1f,  0x1.00a8e4p+1f, 0x1.7b3452p+1f, 0x1.f9d84cp+1f};
inline constexpr table<float, 8> tanh_values_8 = {0x1.fffb9cp-1f, 0x1.ffffecp-1f, 0x1.fffffcp-1f, 0x0p+0f,
                                                  0x1.455fd4p-1f, 0x1.edc484p-1f, 0x1.fd4584p-1f, 0x1.ff9f38p-1f};

/// Which of 8 segments: three bits of a + 3.5. They get wider with a, as tanh gets less sensitive.
template <class V> XACT_INLINE inline auto tanh_segment(const V &a) noexcept {
  return as_integer(V(a + V(3.5f))) >> 21;
}

/// tanh within 4 ULP. 14 operations with 32 entries, 17 with 8, at close to three a cycle. With 8, what was tried
/// besides (ns with AVX2, 0.195 here): x*P4(x^2)/Q4(x^2) 0.188, but 5.4 ULP, bound by its 11 slots for FMA; the form
/// with e^-2a 0.28.
template <class V> XACT_INLINE inline V standard_tanh(const V &x) noexcept {
  const V a = at_most(abs(x), V(9.5f)); // beyond 9.02 the result is 1
  V b, value, slope, u;
  if constexpr (cheap_table<V> >= 32) {
    const V magic(0x1.8p22f); // steps of 1/2
    const V shifted = a + magic;
    value = lookup(tanh_half_steps, as_integer(shifted));
    b = shifted - magic;
  } else {
    const auto segment = tanh_segment(a);
    value = lookup(tanh_values_8, segment);
    b = lookup(tanh_points_8, segment);
  }
  const V t = a - b;
  u = t * t;
  if constexpr (cheap_table<V> >= 32) {
    slope = polynomial(u, 0x1.55546cp-2f, -0x1.691d5ap-6f);
  } else {
    slope = polynomial(u, 0x1.555474p-2f, -0x1.6b513ap-6f, 0x1.fabefep-10f);
  }
  const V d = mul_add(u, slope, V(1.0f));
  return mul_sign(divide(mul_add(value, d, t), mul_add(value, t, d)), x);
}

/// tanh within 1 ULP: a quotient q = (T + t)/(D + T*t), corrected by its residual T*D + t - q*(D + T*t).
template <class V> XACT_INLINE inline V accurate_tanh(const V &x) noexcept {
  const V a = at_most(abs(x), V(9.375f)); // where t = 0 and T = 1
  V b, value, slope, t, u;
  if constexpr (cheap_table<V> >= 32) {
    const auto nearest = as_integer(mul_add(a, V(3.2f), V(0x1.8p23f)));
    b = lookup(tanh_points_32, nearest);
    value = lookup(tanh_values_32, nearest);
    t = a - b;
    u = t * t;
    slope = polynomial(u, 0x1.555532p-2f, -0x1.6aebbcp-6f);
  } else {
    const auto segment = tanh_segment(a);
    b = lookup(tanh_points_8, segment);
    value = lookup(tanh_values_8, segment);
    t = a - b;
    u = t * t;
    slope = polynomial(u, 0x1.55554ep-2f, -0x1.6c0e2cp-6f, 0x1.13d0f2p-9f, -0x1.830cdcp-13f);
  }
  const V rest = u * slope;
  const V tail = mul_add(value, t, rest);
  const V reciprocal = divide(V(1.0f), V(V(1.0f) + tail));
  const V head = value + t;
  V q, residual;
  if constexpr (cheap_table<V> >= 32) {
    q = head * reciprocal; // without T*rest, 0.7 % off: the residual has that too
    residual = mul_add(value, rest, neg_mul_add(q, tail, V(head - q)));
  } else {
    // t is up to 1.2, and the rounding of tail would cost 3 ULP. The same in terms that are small where T is near 1:
    q = mul_add(value, rest, head) * reciprocal;
    const V off = value - q;
    residual = mul_add(off, rest, mul_add(t, neg_mul_add(q, value, V(1.0f)), off));
  }
  return mul_sign(V(mul_add(residual, reciprocal, q)), x);
}

/// How many batches go through such a kernel together: of double two, with AVX2 four, of float in double
/// three (as much), of float as many as the registers hold.
inline constexpr facts::batches tanh_together =
    cheap_table<native<float>> >= 32 ? facts::batches{4, 4, 3, 2} : facts::batches{3, 2, 3, by_width(2, 4, 2)};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
