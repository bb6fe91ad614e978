#!/usr/bin/env python3
"""Makes the constants of include/xact/detail/softmax/exp.hpp: e^x = 2^n * T[j] * e^r with N entries T[j] of 2^(j/N).

`powers`: T[j] with j/N taken off its exponent, as an integer: adding the bits of the shifted x, which hold n + j/N, gives
2^n * T[j]. `rests`: log(2^(j/N) / T[j]), which moves into r. `fast`, `accurate`: (e^r - 1)/r, for all r that x up to 2^16
in magnitude leaves.
"""
import struct

from mpmath import cos, exp, log, lu_solve, matrix, mp, mpf, pi

mp.dps = 40


def single(x):
    return struct.unpack("<f", struct.pack("<f", float(x)))[0]


def show(block, values):
    for x in values:
        head, exponent = single(x).hex().split("p")
        print(block, (head.rstrip("0").rstrip(".") if "." in head else head) + "p" + exponent)


def lowered(x, by):
    bits = struct.unpack("<I", struct.pack("<f", x))[0] - by
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def minimax(f, held, free, half_width):
    """Coefficients of r^held... (given) and `free` more, with least max of abs(p(r) - f(r)) * abs(r)."""
    powers = range(len(held), len(held) + free)
    count = 60 * free
    points = [half_width * cos(pi * (k + mpf(1) / 2) / count) for k in range(count)]
    rest = [f(t) - sum(c * t**i for i, c in enumerate(held)) for t in points]
    lawson, best = [mpf(1)] * count, None
    for _ in range(80):
        lhs, rhs = matrix(free, free), matrix(free, 1)
        for t, y, w in zip(points, rest, lawson):
            row = [t**p * t for p in powers]
            for i, a in enumerate(row):
                rhs[i] += w * a * y * t
                for j, b in enumerate(row):
                    lhs[i, j] += w * a * b
        c = lu_solve(lhs, rhs)
        errors = [abs(sum(c[i] * t**p for i, p in enumerate(powers)) - y) * abs(t) for t, y in zip(points, rest)]
        if best is None or max(errors) < best[0]:
            best = (max(errors), list(held) + [c[i] for i in range(free)])
        total = sum(w * e for w, e in zip(lawson, errors))
        lawson = [w * e / total * count for w, e in zip(lawson, errors)]
    return best


for n in (8, 16, 32):
    exact = [mpf(2) ** (mpf(j) / n) for j in range(n)]
    show(f"powers_{n}", [lowered(single(x), j * (2**23 // n)) for j, x in enumerate(exact)])
    if n < 32:
        show(f"rests_{n}", [log(x / mpf(single(x))) for x in exact])

for name, n, held, free in (("fast", 32, 0, 2), ("fast", 8, 0, 3), ("accurate", 16, 1, 2), ("accurate", 8, 1, 3)):
    half_width = log(2) / (2 * n) + mpf(2) ** -10
    error, c = minimax(lambda r: (exp(r) - 1) / r if r else mpf(1), [mpf(1)] * held, free, half_width)
    print(f"# {name}_{n}: log2 of the relative error {float(log(error, 2)):.2f}")
    show(f"{name}_{n}", c)
show("log2_e", [1 / log(2)])
show("ln2", [log(2), single(log(2)) - log(2)])
