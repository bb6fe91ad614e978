#pragma once

/// @file
/// The version of xact as macros: XACT_VERSION_MAJOR, XACT_VERSION_MINOR, XACT_VERSION_PATCH.

#include <xact/detail/config.hpp>
