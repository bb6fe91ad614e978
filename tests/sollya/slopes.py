#!/usr/bin/env python3
"""Makes the constants in include/xact/detail/sigmoid/derivative.hpp, mish/derivative.hpp and gelu/derivative.hpp.

Roots of the derivatives, in two parts: silu' where 1 + e^-a = a, gelu_tanh' where 1 + e^-u(a) = a * u'(a), mish'; all
at -a. gelu': e^(a*a/2) * gelu'(-a) = (root - a) * W(t) * (a + 2) / (a + 19/16), t = (a - 4) / (a + 4), 0 <= a <= 39.
W, within 1.2 % of constant, is interpolated at Chebyshev points; its first coefficient has two parts. For float
without exact rounding P(a)/Q(a), 0 <= a <= 14.4, for all that follows root - a: iterated linear least squares on the
relative error (Sanathanan-Koerner) with Lawson's weights towards minimax.
"""
from mpmath import cos, diff, erfc, exp, findroot, log, lu_solve, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 60
DEGREE, TOP = 25, mpf(39)


def show(block, *values):
    for value in values:
        mantissa, exponent = float(value).hex().split("p")
        print(block, f"{mantissa.rstrip('0').rstrip('.')}p{exponent}")


def two_part(value):
    return value, value - mpf(float(value))


a = findroot(lambda a: 1 + exp(-a) - a, 1.28)
show("silu", *two_part(a), *two_part(a - 1))

linear = sqrt(8 / pi)
cubic = linear * mpf("0.044715")
a = findroot(lambda a: 1 + exp(-a * (linear + cubic * a * a)) - a * (linear + 3 * cubic * a * a), 0.75)
show("gelu_tanh", *two_part(a), *two_part(a * (linear + 3 * cubic * a * a) - 1), *two_part(linear), *two_part(cubic))


def mish_numerator(a):
    w = exp(-a)
    return 4 * (1 - a) + w * (6 - 4 * a) + 4 * w**2 + w**3


a = findroot(mish_numerator, 1.19)
show("mish", *two_part(a), *two_part(exp(-a)))

density = 1 / sqrt(2 * pi)


def h(a):
    return exp(a * a / 2) * erfc(a / sqrt(mpf(2))) / 2 - a * density


root = findroot(h, 0.75)


def w(t):
    a = 4 * (1 + t) / (1 - t)
    return h(a) / (root - a) * (a + mpf(19) / 16) / (a + 2)


n = DEGREE + 1
high = (TOP - 4) / (TOP + 4)
points = [(high - 1 + (high + 1) * cos(pi * (2 * k + 1) / (2 * n))) / 2 for k in range(n)]
c = lu_solve(matrix([[t**k for k in range(n)] for t in points]), matrix([w(t) for t in points]))
between = [-1 + (high + 1) * (k + mpf(1) / 2) / 300 for k in range(300)]
worst = max(abs(sum(float(x) * t**k for k, x in enumerate(c) if k) + c[0] - w(t)) / w(t) for t in between)
print("# log2 of the largest relative error:", nstr(log(worst, 2), 5))
show("gelu_root", *two_part(root))
show("gelu_linear", *two_part(2 * density))
show("gelu", *two_part(c[0]), *c[1:])

DEGREE, TOP = 5, mpf("14.4")
POINTS = 20 * DEGREE
points = [TOP * ((1 - cos(pi * (k + mpf(1) / 2) / POINTS)) / 2) ** 2 for k in range(POINTS)]
values = [h(a) / (root - a) for a in points]


def evaluate(coefficients, x):
    return sum(c * x**i for i, c in enumerate(coefficients))


weights, denominators, best = [mpf(1)] * POINTS, [mpf(1)] * POINTS, None
n = 2 * DEGREE + 1
for _ in range(12):
    lhs, rhs = matrix(n, n), matrix(n, 1)
    for a, f, weight, d in zip(points, values, weights, denominators):
        s = sqrt(weight) / (f * d)
        row = [s * a**i for i in range(DEGREE + 1)] + [-s * f * a**i for i in range(1, DEGREE + 1)]
        for i in range(n):
            rhs[i] += row[i] * s * f
            for j in range(n):
                lhs[i, j] += row[i] * row[j]
    c = lu_solve(lhs, rhs)
    p, q = [c[i] for i in range(DEGREE + 1)], [mpf(1)] + [c[DEGREE + 1 + i] for i in range(DEGREE)]
    denominators = [evaluate(q, a) for a in points]
    errors = [abs(evaluate(p, a) / (d * f) - 1) for a, d, f in zip(points, denominators, values)]
    if best is None or max(errors) < best[0]:
        best = (max(errors), p, q)
    total = sum(weight * e for weight, e in zip(weights, errors))
    weights = [weight * e / total * POINTS + mpf(10) ** -12 for weight, e in zip(weights, errors)]

print("# log2 of the largest relative error:", nstr(log(best[0], 2), 5))
show("gelu_p", *best[1])
show("gelu_q", *best[2])
