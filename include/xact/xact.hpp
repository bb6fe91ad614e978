#pragma once

/// @file
/// All of xact.

#include <xact/exact.hpp>
#include <xact/gelu.hpp>
#include <xact/relu.hpp>
#include <xact/sigmoid.hpp>
#include <xact/silu.hpp>
#include <xact/tanh.hpp>
#include <xact/version.hpp>
