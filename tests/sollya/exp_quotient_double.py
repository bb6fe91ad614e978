#!/usr/bin/env python3
"""Makes the constants of the double kernels of the default tier: in include/xact/detail/math/exp_quotient_double.hpp,
sigmoid/double.hpp and gelu/double.hpp.

exp_quotient: e^-t = (A - B) / (A + B) for abs(t) <= ln2/2 (a little more, because the reduction rounds), A even and of
degree 4, B odd and of degree 5; error 2^-60.0. B / A = tanh(t/2). Times 0.9, so that A - B and A + B round well.
mills: Phi(-a) = e^(-a*a/2) * D / (sqrt(2 pi) * a * D + N), 0 <= a <= 38.7, D of degree 10, N of degree 9, D(0) = RHO,
N(0) = 2 RHO; error 2^-57.8.
Both fits are linearised least squares, weighted after Lawson. The rest are constants in two parts: the length of a step
of e^(1.702 x), whose first part has 42 bits; sqrt(8/pi) / ln2 and 0.044715 times it, the first part of the former with
47 bits, for FMA, and both with 25, for kernels without.
"""
from mpmath import cholesky_solve, cos, erfc, exp, floor, log, lu_solve, mp, mpf, pi, polyval, sqrt, tanh, zeros

mp.dps = 60
RHO = mpf("1.359375")  # one of the best of twenty: by it the sums in D and N round well


def show(block, *values):
    for value in values:
        mantissa, exponent = float(value).hex().split("p")
        print(block, f"{mantissa.rstrip('0').rstrip('.')}p{exponent}")


def fit(rows, weights, errors, rounds, solve):
    """The c that minimise the largest error: rows give (row, right-hand side), errors(c) the errors and new weights."""
    n = len(rows[0][0])
    lawson = [1 / mpf(len(rows))] * len(rows)
    best = None
    for _ in range(rounds):
        m, v = zeros(n, n), zeros(n, 1)
        for (row, right), w, share in zip(rows, weights, lawson):
            w *= share
            for i in range(n):
                v[i] += w * row[i] * right
                for j in range(n):
                    m[i, j] += w * row[i] * row[j]
        c = list(solve(m, v))
        found, weights = errors(c)
        worst = max(found)
        if best is None or worst < best[0]:
            best = (worst, c)
        lawson = [share * (e / worst + mpf("1e-3")) for share, e in zip(lawson, found)]
        total = sum(lawson)
        lawson = [share / total for share in lawson]
    print(f"# error 2^{float(log(best[0], 2)):.2f}")
    return best[1]


def exp_quotient():
    """tanh(t/2) / t = (b0 + b1 s + s^2) / (a0 + a1 s + a2 s^2), s = t^2; errors are those of e^t."""
    count = 60
    ts = [log(2) / 2 * mpf("1.001") * cos(pi * (i + mpf(1) / 2) / (2 * count)) for i in range(count)]
    f = [tanh(t / 2) / t for t in ts]
    rows = [([1, t**2, -y, -y * t**2, -y * t**4], -(t**4)) for t, y in zip(ts, f)]

    def errors(c):
        above = [polyval([1, c[1], c[0]], t**2) for t in ts]
        below = [polyval([c[4], c[3], c[2]], t**2) for t in ts]
        return ([abs(p / q / y - 1) * t for p, q, y, t in zip(above, below, f, ts)],
                [(t / (y * q))**2 for t, y, q in zip(ts, f, below)])

    b0, b1, a0, a1, a2 = fit(rows, [(t / y)**2 for t, y in zip(ts, f)], errors, 60, lu_solve)
    show("exp_quotient", *(mpf("0.9") * mpf(float(c)) for c in (a0, a1, a2, b0, b1, 1)))


def mills(top=mpf("38.7"), d_degree=10, n_degree=9, count=110, unit=8):
    root = sqrt(2 * pi)
    low, high = mpf(-1), (top - 2) / (top + 2)
    zs = [(low + high) / 2 - (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / count) for i in range(count)]
    xs = [mpf(0)] + [2 * (1 + z) / (1 - z) for z in zs[1:]]
    f = [exp(x * x / 2) * erfc(x / sqrt(2)) / 2 for x in xs]
    rows = []
    for x, y in zip(xs, f):
        base, u = 1 - y * root * x, x / unit
        rows.append(([base * u**j for j in range(1, d_degree + 1)] + [-y * u**j for j in range(1, n_degree + 1)],
                     2 * y - base))

    def parts(c):
        return [mpf(1)] + c[:d_degree], [mpf(2)] + c[d_degree:]

    def errors(c):
        d, n = parts(c)
        above = [polyval(d[::-1], x / unit) for x in xs]
        below = [root * x * p + polyval(n[::-1], x / unit) for x, p in zip(xs, above)]
        return [abs(p / q / y - 1) for p, q, y in zip(above, below, f)], [1 / (y * q)**2 for y, q in zip(f, below)]

    d, n = parts(fit(rows, [1 / y**2 for y in f], errors, 40, cholesky_solve))
    show("mills D", *(RHO * mpf(float(c / mpf(unit)**j)) for j, c in enumerate(d)))
    show("mills N", *(RHO * mpf(float(c / mpf(unit)**j)) for j, c in enumerate(n)))
    show("mills", root, 1 / root)


def cut(value, bits):
    """The value rounded down to a multiple of 2^-bits, and the rest."""
    high = floor(value * 2**bits) / mpf(2)**bits
    return high, value - high


exp_quotient()
mills()
show("quick", mpf("1.702"), mpf("1.702") / log(2), *cut(log(2) / mpf("1.702"), 42))
linear = sqrt(8 / pi) / log(2)
cubic = mpf("0.044715") * linear
show("gelu_tanh", *cut(linear, 45), cubic, cubic - mpf(float(cubic)), log(2))
high, low = cut(linear, 23)
show("gelu_tanh without FMA", high, low)
high, low = cut(cubic, 28)
show("gelu_tanh without FMA", high, low / high)
show("gelu_tanh'", sqrt(8 / pi), 3 * mpf("0.044715") * sqrt(8 / pi))
