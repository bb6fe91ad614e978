#!/usr/bin/env python3
"""Makes the tables of include/xact/detail/gelu/tables.hpp, and the constants of gelu_far.hpp.

Both forms of GELU are max(x, 0) - a * p(a), a = abs(x): p(a) = Phi(-a), or 1/(1 + e^(2u(a))) in the tanh form. The
float kernels take p (the default tier) or sqrt(p) (the fast one) from polynomials in a - centre, one for each rounded
a*(a + spread)/step. Each is the minimax fit of the relative error (least squares with Lawson's weights, in 30 digits):
the coefficients are rounded one by one from the lowest up, and the rest is fitted again. The centres are inputs. They
were found by trying, so that the value there is nearly a float (in the default tables one that ends in two zero bits)
and the kernel's largest error over the floats of the segment small.
"""
import struct

from mpmath import cos, erfc, exp, log, mp, mpf, pi, sqrt
from shared.segments import fit, minimax, relative, show, to_float


def phi(a):
    return erfc(a / sqrt(mpf(2))) / 2


def logistic(a):
    return 1 / (1 + exp(2 * sqrt(2 / pi) * (a + mpf("0.044715") * a**3)))


# name: function, root, spread, step, limit, degree, centres
TABLES = {
    "gelu_fast_16": (phi, 2, 4.25, 4, 6, 5,
        "0x1.ac6ep-3 0x1.60dcc4p-1 0x1.582d48p+0 0x1.dad872p+0 0x1.34cc4cp+1 0x1.7a7884p+1 0x1.954b84p+1 "
        "0x1.c41d0ap+1 0x1.f46a0ap+1 0x1.12c21p+2 0x1.2511ep+2 0x1.3867f2p+2 0x1.4a5034p+2 0x1.5c7bfp+2 "
        "0x1.6c90d2p+2 0x1.7b7778p+2"),
    "gelu_fast_8": (phi, 2, 5.75, 8, 5.375, 6,
        "0x1.a7749p-3 0x1.4ffceep+0 0x1.e29008p+0 0x1.709af6p+1 0x1.cb249ap+1 0x1.068886p+2 0x1.28d79ep+2 "
        "0x1.4ab75p+2"),
    "gelu_16": (phi, 1, 4, 4, 6.0625, 7,
        "0x0p+0 0x1.ca52a6p-1 0x1.862526p+0 0x1.0929a6p+1 0x1.3ef90ep+1 0x1.774b6cp+1 0x1.ae2d86p+1 0x1.d672d6p+1 "
        "0x1.010926p+2 0x1.16d25ap+2 0x1.2a866ap+2 0x1.3d12f8p+2 0x1.4f9338p+2 0x1.614c12p+2 0x1.71287ep+2 "
        "0x1.7f1df4p+2"),
    "gelu_tanh_fast_16": (logistic, 2, 3, 4, 6.5, 6,
        "0x1.10091ap-2 0x1.28613p+0 0x1.ab4dp+0 0x1.30035p+1 0x1.702174p+1 0x1.a7fb54p+1 0x1.d54214p+1 0x1.028eb2p+2 "
        "0x1.1ae7a4p+2 0x1.29e816p+2 0x1.423d02p+2 0x1.5560c6p+2 0x1.662276p+2 0x1.77546cp+2 0x1.8a6364p+2 "
        "0x1.9bfb4ap+2"),
    "gelu_tanh_fast_8": (logistic, 2, 6.5, 8, 5.03125, 6,
        "0x1.240bfcp-2 0x1.49e95cp+0 0x1.ed5622p+0 0x1.503954p+1 0x1.aa1854p+1 0x1.ef5c7cp+1 0x1.1b5938p+2 "
        "0x1.35b50ep+2"),
    "gelu_tanh_16": (logistic, 1, 6.5, 4, 5.25, 7,
        "0x0p+0 0x1.1f61f6p-1 0x1.165c4cp+0 0x1.836724p+0 0x1.edd684p+0 0x1.25375ep+1 0x1.52ae92p+1 0x1.7c4566p+1 "
        "0x1.a91834p+1 0x1.ca3ba8p+1 0x1.f1d716p+1 0x1.0baccp+2 0x1.1a7858p+2 0x1.2bee82p+2 0x1.3bc6dep+2 "
        "0x1.4b5bdcp+2"),
}


for name, (p, root, spread, step, limit, degree, centres) in TABLES.items():
    f = p if root == 1 else lambda a: sqrt(p(a))
    edge = lambda i: (sqrt(mpf(spread) ** 2 + 4 * mpf(step) * max(i - mpf(1) / 2, 0)) - spread) / 2
    margin = mpf(2) ** -12  # a*(a + spread) is rounded
    centres = [mpf(float.fromhex(c)) for c in centres.split()]
    for c in centres:
        show(name + ".centre", c)
    for i, centre in enumerate(centres):
        low, high = max(edge(i) - margin, 0), min(edge(i + 1) + margin, mpf(limit))
        for k, c in enumerate(fit(f, low, high, centre, degree)):
            show(f"{name}.c{k}", c)

# The tails: t(j) = K * 2^(j/8) as a float and what its logarithm lacks, K = 1/sqrt(2*pi) for Phi, 1 in the tanh form.
for name, factor in (("gelu_far", 1 / sqrt(2 * pi)), ("gelu_tanh_far", mpf(1))):
    for j in range(8):
        power = to_float(factor * mpf(2) ** (mpf(j) / 8))
        show(name + ".power", power)
        show(name + ".remainder", to_float(log(factor) + log(mpf(2)) * j / 8 - log(power)))

# 1 - sqrt(2*pi) * a * e^(a*a/2) * Phi(-a) = v * (shrink0 + shrink1*v + ...), v = 1/(a*a), absolute error
points = [(mpf("0.0047") + mpf("0.0301") * (1 - cos(pi * k / 29)) / 2) for k in range(30)]
values = [1 - sqrt(2 * pi / v) * exp(1 / (2 * v)) * phi(1 / sqrt(v)) for v in points]
for c in minimax([[v ** (k + 1) for k in range(5)] for v in points], values):
    show("gelu_far.shrink", to_float(c))

# The tails of the fast tier, e^(-y/c) times a factor: c = 2 and y = a*a, the factor the values above; and in the tanh
# form y = c*2u(a), where c makes the coefficients of u short: 0.044715 = 8943/200000
linear = mpf(200000) / 2**17
show("fall.linear", linear)
show("fall.cubic", linear * 8943 / 200000)
for name, c in (("plain_fall", mpf(1)), ("gelu_fall", mpf(2)), ("gelu_tanh_fall", linear / (2 * sqrt(2 / pi)))):
    step = c * log(2)
    high = mp.nint(step * 2**11) / 2**11
    show(name + ".steps", to_float(-1 / step))
    show(name + ".high", high)
    show(name + ".low", to_float(step - high))
    for x in relative(lambda y: exp(-y / c), -step / 16 * mpf("1.001"), step / 16 * mpf("1.001"), 3):
        show(name + ".c", -x / 2**64)
for x in relative(lambda v: phi(1 / sqrt(v)) * exp(1 / (2 * v)) / sqrt(v), 1 / mpf("210.25"), 1 / mpf("5.375") ** 2, 4):
    show("gelu_fall.factor", x)
for j in range(8):  # 2^(64 + j/8), less j << 20 in its bits
    bits = struct.unpack("i", struct.pack("f", float(to_float(mpf(2) ** (mpf(j) / 8)))))[0]
    show("fall.power", mpf(struct.unpack("f", struct.pack("i", bits - (j << 20) + (64 << 23)))[0]))

# ln2 in a part of 12 bits and the rest; 2*sqrt(2/pi) in 21 bits and the rest, and its product with 0.044715
show("ln2.high", mpf(float.fromhex("0x1.62ep-1")))
show("ln2.low", to_float(log(mpf(2)) - mpf(float.fromhex("0x1.62ep-1"))))
linear = 2 * sqrt(2 / pi)
high = mp.nint(linear * 2**20) / 2**20
show("slope.high", high)
show("slope.low", to_float(linear - high))
cubic = linear * mpf("0.044715")
show("cubic.high", to_float(cubic))
show("cubic.low", to_float(cubic - to_float(cubic)))
