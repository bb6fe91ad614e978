#pragma once

/// @file
/// The one place that includes xsimd.

#include <xact/detail/config.hpp>

#include <xsimd/xsimd.hpp>
