#pragma once

/// @file
/// The tables of gelu's and gelu_tanh's float kernels: p(a) or, in the default tier, its square root, where gelu(x) is
/// max(x, 0) - a * p(a), a = abs(x).
/// Constants: tests/sollya/gelu_float.py.

#include <xact/detail/math/piecewise.hpp>

namespace xact {
inline namespace XACT_VERSION_NAMESPACE {
namespace detail {

inline constexpr piecewise<16, 5> gelu_standard_16 = {
    6.0f,
    4.25f,
    4.0f,
    {0x1.ac6ep-3f, 0x1.60dcc4p-1f, 0x1.582d48p+0f, 0x1.dad872p+0f, 0x1.34cc4cp+1f, 0x1.7a7884p+1f, 0x1.954b84p+1f,
     0x1.c41d0ap+1f, 0x1.f46a0ap+1f, 0x1.12c21p+2f, 0x1.2511ep+2f, 0x1.3867f2p+2f, 0x1.4a5034p+2f, 0x1.5c7bfp+2f,
     0x1.6c90d2p+2f, 0x1.7b7778p+2f},
    {{0x1.4aaf8p-1f, 0x1.fb3846p-2f, 0x1.322de6p-2f, 0x1.6d4152p-3f, 0x1.6c91c2p-4f, 0x1.42f5a6p-5f, 0x1.c7299ep-6f,
      0x1.d66eep-7f, 0x1.bdace6p-8f, 0x1.850b08p-9f, 0x1.90749p-10f, 0x1.7c8ae8p-11f, 0x1.6f5572p-12f, 0x1.517606p-13f,
      0x1.4821c8p-14f, 0x1.474dcep-15f},
     {-0x1.356886p-2f, -0x1.4531e6p-2f, -0x1.14b29ap-2f, -0x1.9a0e4ep-3f, -0x1.f40a52p-4f, -0x1.05d67cp-4f,
      -0x1.873aaep-5f, -0x1.bcc2aep-6f, -0x1.cd34dp-7f, -0x1.b63b9ap-8f, -0x1.de9836p-9f, -0x1.e28276p-10f,
      -0x1.ea9f36p-11f, -0x1.d9f73cp-12f, -0x1.e0e9eep-13f, -0x1.f244bep-14f},
     {-0x1.40179p-5f, 0x1.f40d72p-8f, 0x1.e7ca6ap-5f, 0x1.2c3f5ap-4f, 0x1.043e9ap-4f, 0x1.5da248p-5f, 0x1.1b1c98p-5f,
      0x1.6cfd0ap-6f, 0x1.a8431ap-7f, 0x1.bf0bap-8f, 0x1.05e80ap-8f, 0x1.1aeca6p-9f, 0x1.3165e6p-10f, 0x1.3859dep-11f,
      0x1.4c7242p-12f, 0x1.674ff8p-13f},
     {0x1.e97f2ap-6f, 0x1.0b8eaep-5f, 0x1.1d867ep-6f, 0x1.bbad1ep-11f, -0x1.660c9ep-7f, -0x1.b3498cp-7f,
      -0x1.974c1cp-7f, -0x1.4109acp-7f, -0x1.b7c76p-8f, -0x1.09fb4ap-8f, -0x1.54ceb4p-9f, -0x1.90c812p-10f,
      -0x1.d0bb04p-11f, -0x1.fc381ap-12f, -0x1.1dcc08p-12f, -0x1.442834p-13f},
     {0x1.46b71ap-8f, -0x1.15f8a4p-9f, -0x1.0bce9p-7f, -0x1.ddb646p-8f, -0x1.9187cep-9f, 0x1.48c3eep-11f,
      0x1.6ddde6p-10f, 0x1.0beb9p-9f, 0x1.fe605ep-10f, 0x1.82dd3p-10f, 0x1.1a45f2p-10f, 0x1.747548p-11f,
      0x1.d9c238p-12f, 0x1.191cdcp-12f, 0x1.5255e4p-13f, 0x1.961e28p-14f},
     {-0x1.68dc0cp-9f, -0x1.59ece2p-9f, -0x1.5ece54p-12f, 0x1.55e97ap-10f, 0x1.a6abf8p-10f, 0x1.2e2b78p-10f,
      0x1.1d214ep-11f, 0x1.2be79cp-14f, -0x1.86e744p-13f, -0x1.2342dp-12f, -0x1.1b985ap-12f, -0x1.d079ccp-13f,
      -0x1.56bb04p-13f, -0x1.d5c69cp-14f, -0x1.32ae44p-14f, -0x1.8b4d8ap-15f}}};

inline constexpr piecewise<8, 6> gelu_standard_8 = {
    5.375f,
    5.75f,
    8.0f,
    {0x1.a7749p-3f, 0x1.4ffceep+0f, 0x1.e29008p+0f, 0x1.709af6p+1f, 0x1.cb249ap+1f, 0x1.068886p+2f, 0x1.28d79ep+2f,
     0x1.4ab75p+2f},
    {{0x1.4b0faap-1f, 0x1.3b179p-2f, 0x1.6107ccp-3f, 0x1.6d72bcp-5f, 0x1.a7bb3p-7f, 0x1.2886e8p-8f, 0x1.5b89c8p-10f,
      0x1.6934e8p-12f},
     {-0x1.3536ap-2f, -0x1.188afcp-2f, -0x1.91007p-3f, -0x1.21c25p-4f, -0x1.961a02p-6f, -0x1.407904p-7f,
      -0x1.a4482cp-9f, -0x1.e2fd2ap-11f},
     {-0x1.41e01p-5f, 0x1.d9ab1ep-5f, 0x1.2c666ep-4f, 0x1.76ef86p-5f, 0x1.532602p-6f, 0x1.36f34ep-7f, 0x1.d26a66p-9f,
      0x1.2d09e6p-10f},
     {0x1.e8b3a8p-6f, 0x1.2ef7bep-6f, -0x1.58ec2ep-16f, -0x1.b74df2p-7f, -0x1.323c94p-7f, -0x1.5a7b7p-8f,
      -0x1.34c32ap-9f, -0x1.cadaeep-11f},
     {0x1.49d974p-8f, -0x1.09954ep-7f, -0x1.d156fep-8f, 0x1.886ef8p-13f, 0x1.0fac4ep-9f, 0x1.c6f1cep-10f,
      0x1.05d40ep-10f, 0x1.d45366p-12f},
     {-0x1.694e64p-9f, -0x1.84cc96p-11f, 0x1.49122cp-10f, 0x1.19d772p-10f, 0x1.e162c4p-15f, -0x1.070526p-12f,
      -0x1.0e642ep-12f, -0x1.44e254p-13f},
     {-0x1.fd6ed6p-13f, 0x1.57953p-11f, 0x1.b67bd8p-13f, -0x1.025feep-12f, -0x1.9e4d08p-13f, -0x1.82db34p-15f,
      0x1.a0b97p-16f, 0x1.19819ep-15f}}};

inline constexpr piecewise<16, 7> gelu_16 = {
    6.0625f,
    4.0f,
    4.0f,
    {0x0p+0f, 0x1.ca52a6p-1f, 0x1.862526p+0f, 0x1.0929a6p+1f, 0x1.3ef90ep+1f, 0x1.774b6cp+1f, 0x1.ae2d86p+1f,
     0x1.d672d6p+1f, 0x1.010926p+2f, 0x1.16d25ap+2f, 0x1.2a866ap+2f, 0x1.3d12f8p+2f, 0x1.4f9338p+2f, 0x1.614c12p+2f,
     0x1.71287ep+2f, 0x1.7f1df4p+2f},
    {{0x1p-1f, 0x1.7b98fp-3f, 0x1.0522b8p-4f, 0x1.39c9fp-6f, 0x1.a0448p-8f, 0x1.b972dp-10f, 0x1.978398p-12f,
      0x1.f210cp-14f, 0x1.f02bep-16f, 0x1.bb4568p-18f, 0x1.9f51fp-20f, 0x1.85c158p-22f, 0x1.529c68p-24f,
      0x1.22c138p-26f, 0x1.1377f8p-28f, 0x1.2736ap-30f},
     {-0x1.988454p-2f, -0x1.11a83ap-2f, -0x1.ff9848p-4f, -0x1.7e50b8p-5f, -0x1.24fe6p-6f, -0x1.635c96p-8f,
      -0x1.70d51cp-10f, -0x1.e7bf5ap-12f, -0x1.070902p-13f, -0x1.fa100ep-16f, -0x1.f8e186p-18f, -0x1.f50f14p-20f,
      -0x1.cb0164p-22f, -0x1.9daep-24f, -0x1.988b04p-26f, -0x1.c585d8p-28f},
     {0x1.1168c8p-21f, 0x1.e9ef52p-4f, 0x1.85d61cp-4f, 0x1.8bffc2p-5f, 0x1.6d1106p-6f, 0x1.047aa8p-7f, 0x1.35e3c6p-9f,
      0x1.c02a0cp-11f, 0x1.081972p-12f, 0x1.1396ap-14f, 0x1.265fdp-16f, 0x1.364c6ap-18f, 0x1.2cd764p-20f,
      0x1.1d73ecp-22f, 0x1.26908ap-24f, 0x1.535c28p-26f},
     {0x1.105018p-4f, 0x1.22047cp-7f, -0x1.c31758p-6f, -0x1.a375cap-6f, -0x1.fcd35ap-7f, -0x1.c1ebb6p-8f,
      -0x1.3c6b4cp-9f, -0x1.fc6998p-11f, -0x1.4ba328p-12f, -0x1.7b1fcep-14f, -0x1.b4a9c8p-16f, -0x1.eb8f6cp-18f,
      -0x1.faaf9p-20f, -0x1.fc0702p-22f, -0x1.12ab96p-23f, -0x1.492202p-25f},
     {0x1.d0ca5ap-15f, -0x1.671214p-6f, -0x1.601706p-8f, 0x1.54f01p-8f, 0x1.869dccp-8f, 0x1.e5efd6p-9f, 0x1.ac67ap-10f,
      0x1.8875f8p-11f, 0x1.20f5aap-12f, 0x1.6efe2p-14f, 0x1.cc20c6p-16f, 0x1.168c34p-17f, 0x1.3304bep-19f,
      0x1.46c51p-21f, 0x1.738164p-23f, 0x1.d0478cp-25f},
     {-0x1.4d992p-7f, 0x1.5137bp-9f, 0x1.7a95b2p-8f, 0x1.bac99p-10f, -0x1.50f0dp-11f, -0x1.2c0fe4p-10f,
      -0x1.822f6cp-11f, -0x1.a86df4p-12f, -0x1.6cbd38p-13f, -0x1.06b7ecp-14f, -0x1.6b8aaap-16f, -0x1.ddf45cp-18f,
      -0x1.1ba182p-19f, -0x1.42359ap-21f, -0x1.8302cap-23f, -0x1.fa0a26p-25f},
     {0x1.a56384p-12f, 0x1.4a164cp-9f, -0x1.84fed4p-11f, -0x1.4cb0c8p-10f, -0x1.15d25ep-11f, 0x1.0400aep-14f,
      0x1.9959e2p-13f, 0x1.363b1ap-13f, 0x1.4efbfep-14f, 0x1.1c25b2p-15f, 0x1.bc9fb2p-17f, 0x1.4293p-18f,
      0x1.9fedaap-20f, 0x1.fb8a8ap-22f, 0x1.45ef02p-23f, 0x1.bcde2ep-25f},
     {0x1.bcce42p-11f, -0x1.efa22ap-12f, -0x1.444d92p-11f, 0x1.0dd25cp-13f, 0x1.243b46p-12f, 0x1.f2ca2p-14f,
      0x1.1abbep-18f, -0x1.f41e8cp-16f, -0x1.a2b40ap-16f, -0x1.f5de64p-17f, -0x1.c295b4p-18f, -0x1.6edd06p-19f,
      -0x1.111fdep-20f, -0x1.7392e8p-22f, -0x1.df60bp-24f, -0x1.647a3ep-25f}}};

inline constexpr piecewise<16, 6> gelu_tanh_standard_16 = {
    6.5f,
    3.0f,
    4.0f,
    {0x1.10091ap-2f, 0x1.28613p+0f, 0x1.ab4dp+0f, 0x1.30035p+1f, 0x1.702174p+1f, 0x1.a7fb54p+1f, 0x1.d54214p+1f,
     0x1.028eb2p+2f, 0x1.1ae7a4p+2f, 0x1.29e816p+2f, 0x1.423d02p+2f, 0x1.5560c6p+2f, 0x1.662276p+2f, 0x1.77546cp+2f,
     0x1.8a6364p+2f, 0x1.9bfb4ap+2f},
    {{0x1.41e438p-1f, 0x1.681884p-2f, 0x1.befbb4p-3f, 0x1.7c13ap-4f, 0x1.6104d6p-5f, 0x1.3ebf14p-6f, 0x1.2f1f78p-7f,
      0x1.f0826ap-9f, 0x1.6193b2p-10f, 0x1.5ddce6p-11f, 0x1.8d5cbcp-13f, 0x1.08bf4ap-14f, 0x1.7410f2p-16f,
      0x1.d31f2p-18f, 0x1.d134cep-20f, 0x1.d0c65ep-22f},
     {-0x1.39937cp-2f, -0x1.290e5ap-2f, -0x1.d29792p-3f, -0x1.081392p-3f, -0x1.288c98p-4f, -0x1.3a32dcp-5f,
      -0x1.52ecc6p-6f, -0x1.3bdf84p-7f, -0x1.feca3p-9f, -0x1.10a084p-9f, -0x1.5ccf58p-11f, -0x1.fcbb7p-13f,
      -0x1.81f798p-14f, -0x1.0587c2p-15f, -0x1.1abfbep-17f, -0x1.30062p-19f},
     {-0x1.143ca8p-5f, 0x1.86bebep-5f, 0x1.1e3c98p-4f, 0x1.08cc0cp-4f, 0x1.83e77cp-5f, 0x1.fa002p-6f, 0x1.3f6cb8p-6f,
      0x1.5c399p-7f, 0x1.47213ap-8f, 0x1.7d4e82p-9f, 0x1.176c2ap-10f, 0x1.c2ff42p-12f, 0x1.74882ep-13f, 0x1.128604p-14f,
      0x1.44877p-16f, 0x1.79bac8p-18f},
     {0x1.fe838ep-6f, 0x1.710c3cp-6f, 0x1.a1d3ap-8f, -0x1.2f4ed4p-7f, -0x1.a363d4p-7f, -0x1.84b53ap-7f, -0x1.355e8ep-7f,
      -0x1.a1705cp-8f, -0x1.db4bb8p-9f, -0x1.34bd28p-9f, -0x1.0a27cap-10f, -0x1.e34bd4p-12f, -0x1.b7dda6p-13f,
      -0x1.642e2p-14f, -0x1.d0db42p-16f, -0x1.2711fcp-17f},
     {0x1.0e8776p-8f, -0x1.e69f7ap-8f, -0x1.edf79ep-8f, -0x1.ad2514p-9f, -0x1.9ca7aap-12f, 0x1.599ab8p-10f,
      0x1.050928p-9f, 0x1.079616p-9f, 0x1.946ea6p-10f, 0x1.31be7p-10f, 0x1.460666p-11f, 0x1.566758p-12f,
      0x1.5de76ep-13f, 0x1.3c345ep-14f, 0x1.cda4f2p-16f, 0x1.42de8cp-17f},
     {-0x1.8842b6p-9f, -0x1.29854cp-10f, 0x1.9bcafcp-11f, 0x1.537d5ep-10f, 0x1.005f56p-10f, 0x1.29843ap-11f,
      0x1.8d7502p-13f, -0x1.3294c6p-13f, -0x1.480c96p-12f, -0x1.4fa1cap-12f, -0x1.f8510ep-13f, -0x1.453912p-13f,
      -0x1.82e46ap-14f, -0x1.90e5fcp-15f, -0x1.4e82ap-16f, -0x1.022f78p-17f},
     {-0x1.3e2f44p-12f, 0x1.6f3cd4p-11f, 0x1.834862p-12f, -0x1.ededeap-16f, -0x1.0b262ap-13f, -0x1.7c44fcp-13f,
      -0x1.772f32p-13f, -0x1.0444ap-13f, -0x1.64c3f2p-15f, 0x1.58a6eap-16f, 0x1.86b2acp-15f, 0x1.80753cp-15f,
      0x1.1eb09ap-15f, 0x1.619aa2p-16f, 0x1.7a88ecp-17f, 0x1.75f7cp-18f}}};

inline constexpr piecewise<8, 6> gelu_tanh_standard_8 = {
    5.03125f,
    6.5f,
    8.0f,
    {0x1.240bfcp-2f, 0x1.49e95cp+0f, 0x1.ed5622p+0f, 0x1.503954p+1f, 0x1.aa1854p+1f, 0x1.ef5c7cp+1f, 0x1.1b5938p+2f,
     0x1.35b50ep+2f},
    {{0x1.3ed22ep-1f, 0x1.4212dep-2f, 0x1.504e44p-3f, 0x1.0748aep-4f, 0x1.348234p-6f, 0x1.79e532p-8f, 0x1.5a8ec2p-10f,
      0x1.8325b6p-12f},
     {-0x1.3ae396p-2f, -0x1.1b24bcp-2f, -0x1.872b5ep-3f, -0x1.92d5acp-4f, -0x1.31ec82p-5f, -0x1.c5a146p-7f,
      -0x1.f5c974p-9f, -0x1.3fd0a8p-10f},
     {-0x1.05322ap-5f, 0x1.c8cfe2p-5f, 0x1.26c5f2p-4f, 0x1.cfcea4p-5f, 0x1.f068e8p-6f, 0x1.d23e8p-7f, 0x1.423764p-8f,
      0x1.de417ap-10f},
     {0x1.01ce8ep-5f, 0x1.2ec4b6p-6f, -0x1.8b2e1p-11f, -0x1.815342p-7f, -0x1.81cf42p-7f, -0x1.fd0108p-8f,
      -0x1.d5b9e6p-9f, -0x1.a3cae8p-10f},
     {0x1.f64cp-9f, -0x1.04b0eap-7f, -0x1.96156cp-8f, -0x1.c51aep-10f, 0x1.65a7fcp-10f, 0x1.10a5b8p-9f, 0x1.919c36p-10f,
      0x1.cef0d8p-11f},
     {-0x1.8cee72p-9f, -0x1.186c5ep-11f, 0x1.38d1c4p-10f, 0x1.2e58a2p-10f, 0x1.21eae2p-11f, -0x1.f4b6fep-18f,
      -0x1.4485acp-12f, -0x1.30644ep-12f},
     {-0x1.31a98ep-12f, 0x1.7cf5eap-11f, 0x1.7abe38p-13f, -0x1.b890a8p-14f, -0x1.6a9f58p-13f, -0x1.390a76p-13f,
      -0x1.0454fep-15f, 0x1.380a12p-15f}}};

inline constexpr piecewise<16, 7> gelu_tanh_16 = {
    5.25f,
    6.5f,
    4.0f,
    {0x0p+0f, 0x1.1f61f6p-1f, 0x1.165c4cp+0f, 0x1.836724p+0f, 0x1.edd684p+0f, 0x1.25375ep+1f, 0x1.52ae92p+1f,
     0x1.7c4566p+1f, 0x1.a91834p+1f, 0x1.ca3ba8p+1f, 0x1.f1d716p+1f, 0x1.0baccp+2f, 0x1.1a7858p+2f, 0x1.2bee82p+2f,
     0x1.3bc6dep+2f, 0x1.4b5bdcp+2f},
    {{0x1p-1f, 0x1.263dcp-2f, 0x1.1bdf6p-3f, 0x1.0b3d9p-4f, 0x1.b7cb18p-6f, 0x1.6354bp-7f, 0x1.fe88fp-9f,
      0x1.5ff328p-10f, 0x1.7f7a5p-12f, 0x1.06469p-13f, 0x1.fc238p-16f, 0x1.ca2928p-18f, 0x1.fbdffp-20f, 0x1.882728p-22f,
      0x1.35eb28p-24f, 0x1.bb8c7p-27f},
     {-0x1.988454p-2f, -0x1.5cc342p-2f, -0x1.c417d8p-3f, -0x1.048b72p-3f, -0x1.fff334p-5f, -0x1.ddd92ap-6f,
      -0x1.896ae6p-7f, -0x1.323c1p-8f, -0x1.7b31c2p-10f, -0x1.1c7b8p-11f, -0x1.33082cp-13f, -0x1.31d6a6p-15f,
      -0x1.6e080ap-17f, -0x1.34aec2p-19f, -0x1.07b444p-21f, -0x1.96a036p-24f},
     {0x1.87b202p-21f, 0x1.88a286p-4f, 0x1.ea4f4p-4f, 0x1.87a6cp-4f, 0x1.eb23e2p-5f, 0x1.12b1acp-5f, 0x1.09f9ecp-6f,
      0x1.dc5138p-8f, 0x1.54c1a2p-9f, 0x1.1b68f4p-10f, 0x1.58953ep-12f, 0x1.7ead18p-14f, 0x1.f19d9ep-16f,
      0x1.cd5ec2p-18f, 0x1.ac4dcep-20f, 0x1.656a12p-22f},
     {0x1.11a0d4p-4f, 0x1.3d06ep-5f, -0x1.ce0dbap-8f, -0x1.baafe4p-6f, -0x1.c60a54p-6f, -0x1.4e3a2cp-6f, -0x1.9139cp-7f,
      -0x1.aaf95ep-8f, -0x1.6a5ep-9f, -0x1.536634p-10f, -0x1.d83a5p-12f, -0x1.27fa9cp-13f, -0x1.a5ad42p-15f,
      -0x1.b17c96p-17f, -0x1.b83038p-19f, -0x1.8fd2f4p-21f},
     {0x1.47c71p-13f, -0x1.63e188p-6f, -0x1.25cb06p-6f, -0x1.5f4eacp-8f, 0x1.c583fp-9f, 0x1.849256p-8f, 0x1.55b078p-8f,
      0x1.d1c37p-9f, 0x1.ecd352p-10f, 0x1.0ad51ap-10f, 0x1.b3500ap-12f, 0x1.3992dp-13f, 0x1.ef293cp-15f,
      0x1.1d6c1ep-16f, 0x1.3fc168p-18f, 0x1.3e65eep-20f},
     {-0x1.682d7ep-7f, -0x1.b6201ap-9f, 0x1.52eb84p-8f, 0x1.739c6ep-8f, 0x1.5afd4ap-9f, 0x1.1cb258p-12f,
      -0x1.cc58dep-11f, -0x1.1790dcp-10f, -0x1.a4c54ep-11f, -0x1.1646fp-11f, -0x1.16155ap-12f, -0x1.d9f57ap-14f,
      -0x1.a62b96p-15f, -0x1.154476p-16f, -0x1.5a9f9cp-18f, -0x1.7dc614p-20f},
     {0x1.033262p-9f, 0x1.ad3e96p-9f, 0x1.746e2p-10f, -0x1.b13d9ap-11f, -0x1.559c38p-10f, -0x1.b18f96p-11f,
      -0x1.1e8a34p-12f, 0x1.7dc076p-15f, 0x1.6aa852p-13f, 0x1.5e7ce6p-13f, 0x1.dfa04ap-14f, 0x1.0002ap-14f,
      0x1.09bb66p-15f, 0x1.984f9cp-17f, 0x1.2255aep-18f, 0x1.63c1cep-20f},
     {-0x1.7656bap-11f, 0x1.ca40a6p-14f, -0x1.b4575ap-11f, -0x1.792cd2p-11f, 0x1.04b032p-16f, 0x1.4ddd8ep-13f,
      0x1.df34eep-13f, 0x1.14eac6p-13f, 0x1.68d83p-16f, -0x1.0dbe82p-16f, -0x1.df97bep-16f, -0x1.8ae154p-16f,
      -0x1.ecbde2p-17f, -0x1.e4dc66p-18f, -0x1.967844p-19f, -0x1.31541p-20f}}};

inline constexpr table<float, 8> gelu_far_powers = {0x1.988454p-2f, 0x1.bd7da8p-2f, 0x1.e5cfaap-2f, 0x1.08e3f4p-1f,
                                                    0x1.20dd76p-1f, 0x1.3b0274p-1f, 0x1.578538p-1f, 0x1.769c94p-1f};
inline constexpr table<float, 8> gelu_far_remainders = {-0x1.e821f2p-26f, -0x1.c1b8d4p-26f, 0x1.74e3b8p-26f,
                                                        -0x1.f4b03p-26f,  -0x1.be5e9ap-25f, 0x1.625576p-26f,
                                                        0x1.5b4876p-26f,  0x1.0201cep-25f};

inline constexpr table<float, 8> gelu_tanh_far_powers = {0x1p+0f,        0x1.172b84p+0f, 0x1.306fep+0f,
                                                         0x1.4bfdaep+0f, 0x1.6a09e6p+0f, 0x1.8ace54p+0f,
                                                         0x1.ae89fap+0f, 0x1.d5818ep+0f};
inline constexpr table<float, 8> gelu_tanh_far_remainders = {0x0p+0f,          -0x1.9c0c22p-27f, 0x1.125002p-25f,
                                                             -0x1.0a3552p-25f, 0x1.26055cp-26f,  0x1.67a1cap-28f,
                                                             -0x1.f9c306p-27f, -0x1.a5217cp-28f};

} // namespace detail
} // namespace XACT_VERSION_NAMESPACE
} // namespace xact
