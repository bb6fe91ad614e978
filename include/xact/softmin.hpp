#pragma once

#include <xact/detail/softmax/calls.hpp>
#include <xact/rows.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

/// Softmin of a row: softmax of -x, with all its call forms, options and tiers; `scale` counts before the sign: the
/// logits are softcap * tanh(-scale * x / softcap) + mask_scale * mask.
///
/// *Accuracy*, *Special*: as `softmax`; of k times -inf each gets 1/k. *Method*: softmax with a negative scale, which
/// costs nothing. *Source*: torch.nn.Softmin.
///
/// @code
/// std::vector<float> distances{0.0f, 1.0f, 3.0f};
/// xact::softmin(distances); // 0.7054..., 0.2595..., 0.0351...
/// @endcode
template <detail::row_tier Tier = detail::row_tier::standard>
struct [[nodiscard]] softmin_t : detail::row_function<softmin_t, Tier> {
  static constexpr auto tier = Tier;
  static constexpr auto operation = detail::row_operation::softmax;
  static constexpr bool of_negative = true;
  static constexpr const char *name = "softmin";
};
inline constexpr softmin_t<> softmin{};

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
