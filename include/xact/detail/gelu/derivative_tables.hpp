#pragma once

/// @file
/// The tables of the float kernels of gelu' and gelu_tanh': the root of the derivative at -a in two floats, and R,
/// where it is (root - a) * R(a)^2. Constants: tests/sollya/slopes_float.py.

#include <xact/detail/math/piecewise.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr double_double<float> gelu_derivative_root = {0x1.80ead2p-1f, -0x1.a03fd4p-27f};
inline constexpr piecewise<16, 6> gelu_derivative_16 = {
    6.0625f,
    4.0f,
    4.0f,
    {0x1.b9fe3cp-3f, 0x1.954f1ap-1f, 0x1.70ae9ap+0f, 0x1.fb6fp+0f, 0x1.3a92a4p+1f, 0x1.7177eap+1f, 0x1.a3eabcp+1f,
     0x1.d2d01ap+1f, 0x1.fed818p+1f, 0x1.143cfp+2f, 0x1.2807e8p+2f, 0x1.3af04ap+2f, 0x1.4d1146p+2f, 0x1.5e8282p+2f,
     0x1.6f5742p+2f, 0x1.7db75cp+2f},
    {{0x1.9205a4p-1f, 0x1.4a3bb2p-1f, 0x1.bae264p-2f, 0x1.108ae6p-2f, 0x1.3cf5a2p-3f, 0x1.61b89ep-4f, 0x1.7e3ceap-5f,
      0x1.92c4c8p-6f, 0x1.9f82aep-7f, 0x1.a51a12p-8f, 0x1.a452fep-9f, 0x1.9e06d8p-10f, 0x1.932534p-11f, 0x1.847d9ap-12f,
      0x1.72d9d6p-13f, 0x1.7fbf7p-14f},
     {-0x1.6063ap-3f, -0x1.34f318p-2f, -0x1.53b472p-2f, -0x1.177a44p-2f, -0x1.8e0122p-3f, -0x1.0323e4p-3f,
      -0x1.3d08d4p-4f, -0x1.7270b4p-5f, -0x1.a17c64p-6f, -0x1.c904e8p-7f, -0x1.e86906p-8f, -0x1.ff7574p-9f,
      -0x1.07322ap-9f, -0x1.0acac8p-10f, -0x1.0acf98p-11f, -0x1.1ed14cp-12f},
     {-0x1.2381eap-3f, -0x1.300e8ep-4f, 0x1.9ea00cp-6f, 0x1.36c9aap-4f, 0x1.5978eep-4f, 0x1.2504b8p-4f, 0x1.afd3fp-5f,
      0x1.22fd7cp-5f, 0x1.7011bap-6f, 0x1.bbd252p-7f, 0x1.01b058p-7f, 0x1.22337ep-8f, 0x1.3e9bp-9f, 0x1.5646a2p-10f,
      0x1.68d818p-11f, 0x1.94db34p-12f},
     {0x1.6a937cp-6f, 0x1.a6a54cp-5f, 0x1.67c094p-5f, 0x1.1a528ap-6f, -0x1.066854p-8f, -0x1.d68a36p-7f, -0x1.0e1006p-6f,
      -0x1.d64c76p-7f, -0x1.6390e4p-7f, -0x1.eb62d4p-8f, -0x1.3e82c4p-8f, -0x1.895ae4p-9f, -0x1.d37b4ap-10f,
      -0x1.0d2f2p-10f, -0x1.2de516p-11f, -0x1.63dcecp-12f},
     {0x1.30c79p-6f, 0x1.681f24p-8f, -0x1.468d46p-7f, -0x1.a74914p-7f, -0x1.1e299cp-7f, -0x1.bbbbp-9f, 0x1.a3904cp-12f,
      0x1.255ea8p-9f, 0x1.5f8c4ap-9f, 0x1.39ed1ap-9f, 0x1.e4e89ap-10f, 0x1.55f6ccp-10f, 0x1.c4257ap-11f,
      0x1.1cab28p-11f, 0x1.58a9d2p-12f, 0x1.af3234p-13f},
     {-0x1.53442cp-9f, -0x1.6c79bp-8f, -0x1.8d5a2ap-9f, 0x1.780d3ep-11f, 0x1.3de82ap-9f, 0x1.30233ap-9f,
      0x1.7c8ee2p-10f, 0x1.3191b6p-11f, -0x1.bb08fcp-18f, -0x1.370878p-12f, -0x1.8d5bf4p-12f, -0x1.6ba736p-12f,
      -0x1.1fd734p-12f, -0x1.9b99bep-13f, -0x1.151b98p-13f, -0x1.77a95cp-14f},
     {-0x1.8a0844p-10f, -0x1.9de2fap-15f, 0x1.35d5d6p-10f, 0x1.e5263p-11f, 0x1.d45c72p-13f, -0x1.1af952p-12f,
      -0x1.aac252p-12f, -0x1.76fe1ep-12f, -0x1.c8babp-13f, -0x1.9a9162p-14f, -0x1.33e58p-20f, 0x1.329c22p-15f,
      0x1.b358d8p-15f, 0x1.72c88ep-15f, 0x1.2f32b4p-15f, 0x1.e40ba2p-16f}}};

// The limits: 1 - f'(-limit) must round to 1, and limit*(limit + spread)/step be below 7.5.
inline constexpr piecewise<8, 6> gelu_derivative_8 = {
    5.953125f,
    4.125f,
    8.0f,
    {0x1.8e7558p-2f, 0x1.5ddd2ap+0f, 0x1.32eddap+1f, 0x1.9cb968p+1f, 0x1.f7d2d2p+1f, 0x1.248c9p+2f, 0x1.49974ap+2f,
     0x1.6bdb1ap+2f},
    {{0x1.80a214p-1f, 0x1.d3fa32p-2f, 0x1.55582cp-3f, 0x1.a34172p-5f, 0x1.cf94d6p-7f, 0x1.dc9f36p-9f, 0x1.d03f48p-11f,
      0x1.b17246p-13f},
     {-0x1.c093b2p-3f, -0x1.56c4fcp-2f, -0x1.a2b50cp-3f, -0x1.55f0cap-4f, -0x1.cb7edp-6f, -0x1.11b26cp-7f,
      -0x1.2bf3dep-9f, -0x1.34e8a8p-11f},
     {-0x1.056548p-3f, 0x1.f5c0bap-7f, 0x1.5b9f1ap-4f, 0x1.c6a1c4p-5f, 0x1.8e1db8p-6f, 0x1.1cc71ep-7f, 0x1.66c19ap-9f,
      0x1.9d5742p-11f},
     {0x1.173a6cp-5f, 0x1.7e3bfap-5f, -0x1.dece78p-10f, -0x1.0ec242p-6f, -0x1.76d8d2p-7f, -0x1.59a39p-8f,
      -0x1.036304p-9f, -0x1.5589ep-11f},
     {0x1.010f96p-6f, -0x1.1ed6dap-7f, -0x1.353734p-7f, -0x1.d6d0cp-16f, 0x1.5e7276p-9f, 0x1.ffbe16p-10f,
      0x1.ec3eb2p-11f, 0x1.8020f6p-12f},
     {-0x1.02ced6p-8f, -0x1.c77f8p-9f, 0x1.2a4322p-9f, 0x1.a14a38p-10f, 0x1.2f4496p-14f, -0x1.85443ap-12f,
      -0x1.2e9ec8p-12f, -0x1.2f31b2p-13f},
     {-0x1.2941b2p-10f, 0x1.20b8eep-10f, 0x1.2223p-12f, -0x1.af534ap-12f, -0x1.d7a966p-13f, -0x1.ae464p-17f,
      0x1.87f82ap-15f, 0x1.37d4a8p-15f}}};

inline constexpr double_double<float> gelu_tanh_derivative_root = {0x1.8142ap-1f, -0x1.85a06cp-27f};
inline constexpr piecewise<16, 6> gelu_tanh_derivative_16 = {
    5.75f,
    4.0f,
    4.0f,
    {0x1.ba2e3cp-3f, 0x1.9551bap-1f, 0x1.70bc4ap+0f, 0x1.fb69bp+0f, 0x1.3a915cp+1f, 0x1.717a42p+1f, 0x1.a3eab4p+1f,
     0x1.d2d052p+1f, 0x1.fed86p+1f, 0x1.143d98p+2f, 0x1.280798p+2f, 0x1.3af0fep+2f, 0x1.4d1236p+2f, 0x1.5e8362p+2f,
     0x1.6b866ep+2f, 0x1.741e3ap+2f},
    {{0x1.91c546p-1f, 0x1.49e9a2p-1f, 0x1.bb417cp-2f, 0x1.11fd02p-2f, 0x1.3ea3dp-3f, 0x1.5ee0fp-4f, 0x1.6e3c96p-5f,
      0x1.6a6fb2p-6f, 0x1.540034p-7f, 0x1.2e817p-8f, 0x1.ff2378p-10f, 0x1.9a3358p-11f, 0x1.393e88p-12f, 0x1.c7998ap-14f,
      0x1.949b5p-15f, 0x1.cc6f94p-16f},
     {-0x1.619e44p-3f, -0x1.347c5cp-2f, -0x1.513844p-2f, -0x1.1704aap-2f, -0x1.93b132p-3f, -0x1.0acd4ap-3f,
      -0x1.46e3dp-4f, -0x1.756112p-5f, -0x1.8eb8e8p-6f, -0x1.8f1c3cp-7f, -0x1.77873ep-8f, -0x1.4cc0a6p-9f,
      -0x1.1673fap-10f, -0x1.b8ea5ap-12f, -0x1.a067ccp-13f, -0x1.ed15ecp-14f},
     {-0x1.23a86p-3f, -0x1.289224p-4f, 0x1.a120fcp-6f, 0x1.28eb9ep-4f, 0x1.4e8bb8p-4f, 0x1.2706fep-4f, 0x1.c52fa8p-5f,
      0x1.38fa68p-5f, 0x1.89f5e6p-6f, 0x1.c7b4a8p-7f, 0x1.e7a82ap-8f, 0x1.e5202ep-9f, 0x1.c2e278p-10f, 0x1.88ed98p-11f,
      0x1.8d74fp-12f, 0x1.ebd8aap-13f},
     {0x1.79bcf6p-6f, 0x1.ac8124p-5f, 0x1.545566p-5f, 0x1.085312p-6f, -0x1.0d0706p-9f, -0x1.858d8ep-7f, -0x1.fe1206p-7f,
      -0x1.ec5a5p-7f, -0x1.8e206cp-7f, -0x1.19a436p-7f, -0x1.64a37p-8f, -0x1.99fc9ap-9f, -0x1.b07fa8p-10f,
      -0x1.a5df92p-11f, -0x1.cdde94p-12f, -0x1.2c7a34p-12f},
     {0x1.395dfp-6f, 0x1.2cd124p-8f, -0x1.5b8fdap-7f, -0x1.72c454p-7f, -0x1.f12a6cp-8f, -0x1.004442p-8f,
      -0x1.b0ea3p-11f, 0x1.74ac6ep-10f, 0x1.52741cp-9f, 0x1.6797dap-9f, 0x1.2b89ccp-9f, 0x1.a81b72p-10f,
      0x1.08c06ap-10f, 0x1.29a0ep-11f, 0x1.66bda2p-12f, 0x1.ef77eap-13f},
     {-0x1.70e05ep-9f, -0x1.8fea92p-8f, -0x1.23d198p-9f, 0x1.295968p-10f, 0x1.c70c7cp-10f, 0x1.b20778p-10f,
      0x1.7a3bb6p-10f, 0x1.fb3f18p-11f, 0x1.7f1d1ep-12f, -0x1.206a0ap-13f, -0x1.ade9d8p-12f, -0x1.e357f8p-12f,
      -0x1.916296p-12f, -0x1.15bb0ep-12f, -0x1.7a2e36p-13f, -0x1.1aa65cp-13f},
     {-0x1.b50d22p-10f, 0x1.e4dcccp-14f, 0x1.789748p-10f, 0x1.04e5ep-11f, 0x1.15215ep-16f, -0x1.ee24e2p-15f,
      -0x1.730dd4p-13f, -0x1.0b077cp-12f, -0x1.295cbep-12f, -0x1.bb9f3cp-13f, -0x1.46c372p-14f, 0x1.60ed76p-16f,
      0x1.1cebe2p-14f, 0x1.342838p-14f, 0x1.ce3416p-15f, 0x1.a0edbep-15f}}};

inline constexpr piecewise<8, 6> gelu_tanh_derivative_8 = {
    5.484375f,
    5.4375f,
    8.0f,
    {0x1.42bf88p-2f, 0x1.26642cp+0f, 0x1.0aa6e6p+1f, 0x1.6ddf06p+1f, 0x1.c4b1ep+1f, 0x1.097342p+2f, 0x1.2d53d4p+2f,
     0x1.4ead54p+2f},
    {{0x1.8849cp-1f, 0x1.0f22cep-1f, 0x1.ed16cp-3f, 0x1.6e25eep-4f, 0x1.c4c1a4p-6f, 0x1.d1d6b4p-8f, 0x1.8f619cp-10f,
      0x1.1e678cp-12f},
     {-0x1.99fb08p-3f, -0x1.54a21ap-2f, -0x1.078b3ap-2f, -0x1.132beap-3f, -0x1.bef95cp-5f, -0x1.214384p-6f,
      -0x1.2dcaa8p-8f, -0x1.00a02cp-10f},
     {-0x1.1356fcp-3f, -0x1.f8c268p-7f, 0x1.3a2d02p-4f, 0x1.2b10bep-4f, 0x1.6272dp-5f, 0x1.32cffp-6f, 0x1.95180ep-8f,
      0x1.a34fd6p-10f},
     {0x1.f10dcep-6f, 0x1.a4053ep-5f, 0x1.7ef65ep-7f, -0x1.76ab76p-7f, -0x1.fccd0ap-7f, -0x1.56e04ap-7f,
      -0x1.34f59ap-8f, -0x1.968f14p-10f},
     {0x1.1e43b6p-6f, -0x1.6cde36p-8f, -0x1.5d2d04p-7f, -0x1.0fa1eep-8f, 0x1.b7f946p-11f, 0x1.6a2fd8p-9f,
      0x1.14249ep-9f, 0x1.f8a0d4p-11f},
     {-0x1.ec76d8p-9f, -0x1.2a97f8p-8f, 0x1.63d7a6p-10f, 0x1.b3e746p-10f, 0x1.2943ap-10f, 0x1.bd1708p-14f,
      -0x1.cc2ddap-12f, -0x1.85c046p-12f},
     {-0x1.882226p-10f, 0x1.404ea2p-10f, 0x1.5b1adap-12f, -0x1.c5e9eep-15f, -0x1.fec40ep-13f, -0x1.0cb588p-12f,
      -0x1.59be76p-15f, 0x1.210c3p-14f}}};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
