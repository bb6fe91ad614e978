#pragma once

#include <xact/exact.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {

namespace detail {
/// Whether there is a derivative, and in F's tier.
template <class F> consteval bool has_derivative() {
  if constexpr (!requires(const F &f) { untiered(f).derivative(); }) {
    return false;
  } else if constexpr (requires { typename F::tier_of; }) {
    using D = std::remove_cvref_t<decltype(std::declval<const untiered_t<F> &>().derivative())>;
    return std::is_same_v<typename F::tier_type, tier::exact> ? roundable<D> : has_kernels<D>;
  } else {
    return true;
  }
}
} // namespace detail

/// Whether F, or what it is a tier of, knows its derivative: a member `constexpr auto derivative() const` that returns
/// an activation. Every activation of xact has one. When `derivative(f)` or `backward` does not compile, this is the
/// concept that the compiler names.
///
/// @code
/// static_assert(xact::differentiable<xact::gelu_t> && !xact::differentiable<float>);
/// @endcode
template <class F>
concept differentiable = detail::has_derivative<F>();

/// The derivative of an activation: an activation itself, with every call form and tier.
///
/// *Accuracy*: float: at most 8 ULP of the larger of abs(f'(x)) and 1/8, tails 8 ULP of themselves down to the smallest
/// subnormal; `accurate` 2 ULP, near the roots too; `exact` correctly rounded for sigmoid, tanh, silu, gelu and
/// gelu_tanh. Every float in the default tier, the worse of AVX2 and AVX-512, and of the tail: silu 4.201 (at
/// -0x1.62c4ep-7) and 6.736 (at -0x1.0a5514p+4); sigmoid 6.335 (at -0x1.0a5514p+4), tanh the same at half of x;
/// gelu_quick 4.200 (at -0x1.a0e288p-8) and 7.016 (at -0x1.6ca168p+1); mish 4.760 (at -0x1.f83196p+0) and 7.038 (at
/// -0x1.ec9b48p+1); gelu 3.810 (at -0x1.213p-13) and 4.948 (at -0x1.5a464ep+1); gelu_tanh 3.482 and 6.168; elu 1.935,
/// selu 2.094, softsign 3.498, hard_swish 1.333. accurate: silu 0.812 (at -0x1.445b8ep+0; AVX2 0.954, at
/// -0x1.3eeb66p+0), sigmoid 0.555 (at 0x1.78ec3ap-3; AVX2 0.705, at -0x1.ba1494p-3), tanh the same at half of x; gelu
/// 1.828 (at 0x1.0fc21p-5), gelu_tanh 1.830 (at 0x1.7b5bp-9); the others in double, rounded once. softplus and
/// log_sigmoid: those of `xact::sigmoid`. double: at most 8 ULP of the larger of abs(f'(x)) and 1/8, accurate 2. 16 and
/// 8 bits: correctly rounded. *Special*: NaN gives NaN, infinities the limit. Kinks, as in PyTorch: relu, relu_squared
/// and relu6 have 0 at 0, and relu6 at 6; leaky_relu, elu, selu and celu take the negative side at 0; hard_tanh and
/// hard_sigmoid have 0 at both ends, hard_swish 0 and 1. Steps keep -0. *Method*: f's member `derivative()`; an
/// activation of your own may have one too. Of a tier of f it is the derivative in that tier.
///
/// @code
/// std::vector<float> x{-1.0f, 0.0f, 2.0f};
/// xact::derivative(xact::silu)(x, x);              // 0.0723..., 0.5, 1.0907...
/// xact::exact(xact::derivative(xact::tanh))(x, x);
/// @endcode
template <differentiable F> [[nodiscard]] constexpr auto derivative(const F &f) {
  if constexpr (!requires { typename F::tier_of; }) {
    return f.derivative();
  } else if constexpr (std::is_same_v<typename F::tier_type, detail::tier::exact>) {
    return exact(f.f.derivative());
  } else {
    return accurate(f.f.derivative());
  }
}

} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
