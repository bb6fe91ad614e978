#pragma once

/// @file
/// The one place that includes xsimd.

#include <xact/detail/config.hpp>

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
