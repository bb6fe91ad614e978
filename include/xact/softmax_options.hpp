#pragma once

/// @file
/// The options of softmax, log_softmax and logsumexp.

#include <xact/detail/types/softmax_options.hpp>
