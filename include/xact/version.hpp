#pragma once

/// @file
/// The version of xact: the one place that has it; CMake reads it from here. Before 1.0 a new minor version may break
/// what was there, a new patch may not.

#define XACT_VERSION_MAJOR 0
#define XACT_VERSION_MINOR 1
#define XACT_VERSION_PATCH 0
