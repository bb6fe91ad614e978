#!/usr/bin/env python3
"""Makes the constants in include/xact/detail/gelu/double.hpp.

gelu: e^(a*a/2) * Phi(-a) = W(t) * (a + 2) / (a * (a + 2) + 13/8), t = (a - 4) / (a + 4), 0 <= a <= 39. W, within 1 %
of constant, is interpolated at Chebyshev points (error 2^-58.9); its first coefficient has two parts.
gelu_tanh: -sqrt(8/pi) and 0.044715 times it, in two parts.
"""
from mpmath import cos, erfc, exp, lu_solve, matrix, mp, mpf, pi, sqrt

mp.dps = 60
DEGREE, TOP = 24, mpf(39)


def w(t):
    a = 4 * (1 + t) / (1 - t)
    return exp(a * a / 2) * erfc(a / sqrt(mpf(2))) / 2 * (a * (a + 2) + mpf(13) / 8) / (a + 2)


def show(block, *values):
    for value in values:
        mantissa, exponent = float(value).hex().split("p")
        print(block, f"{mantissa.rstrip('0').rstrip('.')}p{exponent}")


def two_part(value):
    return value, value - mpf(float(value))


n = DEGREE + 1
high = (TOP - 4) / (TOP + 4)
points = [(high - 1 + (high + 1) * cos(pi * (2 * k + 1) / (2 * n))) / 2 for k in range(n)]
c = lu_solve(matrix([[t**k for k in range(n)] for t in points]), matrix([w(t) for t in points]))
show("gelu_double", *two_part(c[0]), *c[1:])
linear = -sqrt(8 / pi)
show("gelu_tanh_double", *two_part(linear), *two_part(linear * mpf("0.044715")))
