#pragma once

/// @file
/// The one place that includes xsimd; and, as all kernels do, refuses the modes in which they would break their
/// promises.

#include <xact/detail/config.hpp>

// clang-format off
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__) || \
    (defined(__GCC_IEC_559) && __GCC_IEC_559 == 0) || defined(__ASSOCIATIVE_MATH__) || \
    (defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ < 0)
#error "xact: -ffast-math (or a part of it) breaks NaN, infinities, -0 and error terms: compile this with -fno-fast-math"
#elif defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#error "xact: float and double must be rounded after each operation: compile this with -msse2 -mfpmath=sse"
#endif
// No macro of clang's tells of a part of -ffast-math, but this, which changes nothing, is an error under each part.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wignored-pragmas"
#pragma float_control(except, on, push) // xact: a part of -ffast-math breaks error terms: compile this with -fno-fast-math
#pragma float_control(pop)
#pragma clang diagnostic pop
#endif
// clang-format on

#if !__has_include(<xsimd/config/xsimd_config.hpp>)
#error "xact needs xsimd 13.2 or newer on the include path (CMake: link xact::xact)"
#else
#include <xsimd/config/xsimd_config.hpp>
#if XSIMD_VERSION_MAJOR < 13 || (XSIMD_VERSION_MAJOR == 13 && XSIMD_VERSION_MINOR < 2)
#error "xact needs xsimd 13.2 or newer: an older one comes first on the include path"
#endif
#endif

// g++ 12 warns at its own AVX-512 intrinsics, by hundreds in a file of two lines. It asks what is ignored at the line
// of the intrinsic; so this silences it where no file has included <immintrin.h> before.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
