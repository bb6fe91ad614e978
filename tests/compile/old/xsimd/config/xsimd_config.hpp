// As that of an older xsimd.
#define XSIMD_VERSION_MAJOR 13
#define XSIMD_VERSION_MINOR 1
#define XSIMD_VERSION_PATCH 0
