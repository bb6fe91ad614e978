#pragma once

#include <xact_isas.hpp>

#include <span>

/// y = silu(x + bias).
XACT_ISAS(void silu_of_sum(std::span<const float> x, std::span<const float> bias, std::span<float> y);)
