#!/usr/bin/env python3
"""Makes the tables of include/xact/detail/gelu/derivative_tables.hpp.

For both forms of GELU gelu'(-a) = (root - a) * R(a)^2, R > 0. R is taken from polynomials in a - centre, one for each
rounded a*(a + spread)/step: the minimax fit of the relative error (least squares with Lawson's weights, in 30 digits),
the coefficients rounded one by one from the lowest up. Each centre is the float nearest to the middle of its segment
among those where R is nearly a float. 16 segments, and 8 for the default tier where registers hold no more.
"""
import struct

from mpmath import cos, erfc, exp, findroot, lu_solve, matrix, mp, mpf, pi, sqrt

mp.dps = 30
DEGREE = 6


def gelu_slope(a):
    return erfc(a / sqrt(mpf(2))) / 2 - a * exp(-a * a / 2) / sqrt(2 * pi)


def gelu_tanh_slope(a):
    linear = sqrt(8 / pi)
    cubic = linear * mpf("0.044715")
    e = exp(-a * (linear + cubic * a * a))
    return e * (1 + e - a * (linear + 3 * cubic * a * a)) / (1 + e) ** 2


def to_float(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def show(name, x):
    mantissa, exponent = float(x).hex().split("p")
    print(name, mantissa.rstrip("0").rstrip(".") + "p" + exponent)


def minimax(rows, targets):
    """The coefficients that bring the largest of abs(rows * c - targets) close to its minimum."""
    n, weights, best = len(rows[0]), [mpf(1)] * len(rows), None
    for _ in range(8):
        lhs, rhs = matrix(n, n), matrix(n, 1)
        for row, target, weight in zip(rows, targets, weights):
            for i in range(n):
                scaled = weight * row[i]
                rhs[i] += scaled * target
                for j in range(i + 1):
                    lhs[i, j] += scaled * row[j]
        for i in range(n):
            for j in range(i):
                lhs[j, i] = lhs[i, j]
        c = lu_solve(lhs, rhs)
        errors = [abs(sum(r * c[i] for i, r in enumerate(row)) - target) for row, target in zip(rows, targets)]
        worst = max(errors)
        if best is None or worst < best[0]:
            best = (worst, [c[i] for i in range(n)])
        weights = [w * (e + worst / 1000) for w, e in zip(weights, errors)]
        mean = sum(weights) / len(weights)
        weights = [w / mean for w in weights]
    return best


def fit(f, low, high, centre):
    count = 5 * DEGREE
    points = [low + (high - low) * (1 - cos(pi * k / (count - 1))) / 2 for k in range(count)]
    scale = max(high - centre, centre - low)
    values = [f(a) for a in points]
    powers = [[((a - centre) / scale) ** k / value for k in range(DEGREE + 1)] for a, value in zip(points, values)]
    coefficients, rest, worst = [to_float(f(centre))], [mpf(1)] * count, 0
    for k in range(DEGREE):
        rest = [r - coefficients[k] * scale**k * row[k] for r, row in zip(rest, powers)]
        worst, best = minimax([row[k + 1 :] for row in powers], rest)
        coefficients.append(to_float(best[0] / scale ** (k + 1)))
    return worst, coefficients


def edge(i, spread, step):
    return (sqrt(spread**2 + 4 * step * max(i - mpf(1) / 2, 0)) - spread) / 2


for name, slope, count, spread, step, limit in (
    ("gelu_slope", gelu_slope, 16, mpf(4), mpf(4), mpf("6.0625")),
    ("gelu_tanh_slope", gelu_tanh_slope, 16, mpf(4), mpf(4), mpf("5.75")),
    ("gelu_slope_8", gelu_slope, 8, mpf("4.125"), mpf(8), mpf("5.96875")),
    ("gelu_tanh_slope_8", gelu_tanh_slope, 8, mpf("5.4375"), mpf(8), mpf("5.5")),
):
    root = findroot(slope, 0.75)
    show(name + ".root", to_float(root))
    show(name + ".root", to_float(root - to_float(root)))
    show(name + ".spread", spread)
    of = lambda a: sqrt(slope(a) / (root - a))  # points and centres lie beside the root
    centres, columns = [], []
    for i in range(count):
        low, high = edge(i, spread, step) - mpf(2) ** -12, edge(i + 1, spread, step) + mpf(2) ** -12
        low, high = max(low, 0), min(high, limit)
        middle = to_float(max(low + (high - low) * mpf("0.48"), mpf("0.05")))
        unit = mpf(2) ** -20
        tried = 0
        while True:
            centre = middle + (tried + 1) // 2 * (-1) ** tried * unit
            value = of(centre)
            if abs(to_float(value) / value - 1) < mpf(2) ** -31:
                break
            tried += 1
        worst, coefficients = fit(of, low, high, centre)
        print(f"# {name} {i}: {float(low):.4f} to {float(high):.4f}, relative error {float(worst):.2g}")
        centres.append(centre)
        columns.append(coefficients)
    for c in centres:
        show(name + ".centre", c)
    for k in range(DEGREE + 1):
        for column in columns:
            show(f"{name}.c{k}", column[k])
