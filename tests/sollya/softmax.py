#!/usr/bin/env python3
"""Makes the constants of include/xact/detail/softmax/term.hpp and cap.hpp.

`powers`: the floats 2^(j/8) with j/8 taken off their exponent, as integers: adding the bits of n + j/8, shifted, gives
2^n * 2^(j/8). `fused`: (2^r - 1)/r of floats, where a table leaves abs(r) <= 1/16 and what the low parts of logits up to
2^18 add. `unfused`: (e^r - 1 - r)/r^2 of floats, abs(r) <= log(2)/2. `doubles`: 2^r, abs(r) <= 1/2.
`tanh`: tanh(j/8); `cubic`: floats with tanh(t) = t + t^3*(c + d*t^2) near 0 and at 1/16.
"""
import struct

from mpmath import cos, exp, log, lu_solve, matrix, mp, mpf, pi, tanh

mp.dps = 50


def single(x):
    return struct.unpack("<f", struct.pack("<f", float(x)))[0]


def show(block, values, to=single):
    for x in values:
        head, exponent = to(x).hex().split("p")
        print(block, (head.rstrip("0").rstrip(".") if "." in head else head) + "p" + exponent)


def lowered(x, by):
    bits = struct.unpack("<I", struct.pack("<f", x))[0] - by
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def minimax(f, held, free, half_width, weight, to):
    """Coefficients with least max of abs(p(r) - f(r)) * abs(r)^weight: the `held` ones, then `free` more, of which each
    is rounded before the next are fitted again."""
    count = 40 * free
    points = [half_width * cos(pi * (k + mpf(1) / 2) / count) for k in range(count)]
    made = list(held)
    for left in range(free, 0, -1):
        rest = [f(t) - sum(c * t**i for i, c in enumerate(made)) for t in points]
        powers = range(len(made), len(made) + left)
        lawson, best = [mpf(1)] * count, None
        for _ in range(40):
            lhs, rhs = matrix(left, left), matrix(left, 1)
            for t, y, w in zip(points, rest, lawson):
                row = [t ** (p + weight) for p in powers]
                for i, a in enumerate(row):
                    rhs[i] += w * a * y * t**weight
                    for j, b in enumerate(row):
                        lhs[i, j] += w * a * b
            c = lu_solve(lhs, rhs)
            errors = [abs(sum(c[i] * t**p for i, p in enumerate(powers)) - y) * abs(t) ** weight for t, y in zip(points, rest)]
            if best is None or max(errors) < best[0]:
                best = (max(errors), c[0])
            total = sum(w * e for w, e in zip(lawson, errors))
            lawson = [w * e / total * count for w, e in zip(lawson, errors)]
        made.append(mpf(to(best[1])))
    return best[0], made


show("powers", [lowered(single(mpf(2) ** (mpf(j) / 8)), j << 20) for j in range(8)])
for name, f, held, free, half_width, weight, to in (
    ("fused", lambda r: (mpf(2) ** r - 1) / r, [], 4, mpf(1) / 16 + mpf(2) ** -7, 1, single),
    ("unfused", lambda r: (exp(r) - 1 - r) / r**2, [], 5, log(2) / 2 + mpf(2) ** -10, 2, single),
    ("doubles", lambda r: mpf(2) ** r, [mpf(1)], 11, mpf(1) / 2 + mpf(2) ** -10, 0, float),
):
    error, c = minimax(f, held, free, half_width, weight, to)
    print(f"# {name}: log2 of the relative error {float(log(error, 2)):.2f}")
    show(name, c, to)
show("tanh", [tanh(mpf(j) / 8) for j in range(16)], float)
third, end = single(-mpf(1) / 3), mpf(1) / 16
show("cubic", [third, ((tanh(end) - end) / end**3 - third) / end**2])
