#!/usr/bin/env python3
"""Makes the constants of include/xact/detail/tanh/float.hpp.

tanh(a) = (T*D + t)/(D + T*t) with t = a - b, T = tanh(b) and D = t*coth(t) = 1 + d1*t^2 + d2*t^4 + ...
A segment's b is chosen near its middle so that T is a float to far below its last bit and t = a - b and T + t are exact.
"""
import struct

from mpmath import atanh, cos, coth, floor, log, lu_solve, matrix, mp, mpf, nint, nstr, pi, tanh

mp.dps = 40


def single(x):
    return struct.unpack("<f", struct.pack("<f", float(x)))[0]


def show(block, values):
    for x in values:
        head, exponent = single(x).hex().split("p")
        print(block, (head.rstrip("0").rstrip(".") if "." in head else head) + "p" + exponent)


def ulp_below(x):
    """The spacing of floats just below x."""
    exponent = int(floor(log(x, 2)))
    if mpf(2) ** exponent == x:
        exponent -= 1
    return mpf(2) ** (exponent - 23)


def point(low, high, where=mpf(1) / 2):
    """b and T for a segment: the most accurate near the middle. Far out few T are left, and the nearest must do."""
    if low <= 0:
        return mpf(0), mpf(0)
    middle, width = low + (high - low) * where, high - low
    if low > mpf("8.9"):
        return middle, mpf(1)
    grid_b, grid_t = ulp_below(high), ulp_below(tanh(middle) + width / 2)
    first = nint(tanh(middle) / grid_t)
    reach = max(2, min(4000, int(width / 16 * (1 - tanh(middle) ** 2) / grid_t)))
    best = None
    for k in range(-reach, reach + 1):
        t = (first + k) * grid_t
        if not 0 < t < 1:
            continue
        exact = atanh(t)
        b = nint(exact / grid_b) * grid_b
        error = (max(abs(exact - middle) - width / 16, 0), abs(b - exact) * (1 - t * t) / t)
        if best is None or error < best[0]:
            best = (error, b, t)
    return best[1], best[2]


def fit(segments, count):
    """d1 ... d[count] by Lawson's weights towards the least largest error of the result; it in 2^-24, and them."""
    rows = []
    for low, high, b, t_b in segments:
        for k in range(24):
            a = low + (high - low) * (1 - cos(pi * (k + mpf(1) / 2) / 24)) / 2
            t = a - b
            if t == 0 or a <= 0:
                continue
            d = t * coth(t)
            sensitivity = (1 - t_b**2) * abs(t) * d / ((d + t_b * t) ** 2 * tanh(a)) * mpf(2) ** 24
            rows.append((t * t, d, sensitivity / d))
    weights, best = [mpf(1)] * len(rows), None
    for _ in range(60):
        lhs, rhs = matrix(count, count), matrix(count, 1)
        for (u, d, s), w in zip(rows, weights):
            terms = [s * u ** (i + 1) for i in range(count)]
            for i in range(count):
                rhs[i] += w * terms[i] * s * (d - 1)
                for j in range(count):
                    lhs[i, j] += w * terms[i] * terms[j]
        c = lu_solve(lhs, rhs)
        errors = [s * abs(1 + sum(c[i] * u ** (i + 1) for i in range(count)) - d) for u, d, s in rows]
        if best is None or max(errors) < best[0]:
            best = (max(errors), [c[i] for i in range(count)])
        total = sum(w * e for w, e in zip(weights, errors))
        weights = [w * e / total * len(rows) + mpf(10) ** -12 for w, e in zip(weights, errors)]
    return best


def show_fit(name, segments, count):
    error, d = fit(segments, count)
    print("# error in 2^-24 of the result:", nstr(error, 3))
    show(name, d)


print("# fast, 32 entries: b = j/2")
halves = [(mpf(j) / 2 - mpf(1) / 4, mpf(j) / 2 + mpf(1) / 4, mpf(j) / 2, tanh(mpf(j) / 2)) for j in range(20)]
show("half_steps", [t for _, _, _, t in halves] + [mpf(1)] * 12)
show_fit("slope_half_steps", halves, 2)

print("# default, 32 entries: segments of 5/16 about j*5/16")
step = mpf(5) / 16
fifths = [(low, low + step) + point(low, low + step) for low in [(j - mpf(1) / 2) * step for j in range(32)]]
show("points_32", [b for _, _, b, _ in fifths])
show("values_32", [t for _, _, _, t in fifths])
show_fit("slope_32", fifths[:30], 2)

print("# 8 entries: three bits of the float a + 3.5 number the segments, from 0x40600000 >> 21, which is 3 modulo 8")
edges = [mpf(x) for x in ("0", "0.5", "1.5", "2.5", "3.5", "4.5", "6.5", "8.5", "10.5")]
where = [mpf(x) for x in ("0", "0.25", "0.5", "0.5", "0.5", "0.5", "0.5", "0.5")]
wide = [(low, high) + point(low, high, at) for low, high, at in zip(edges, edges[1:], where)]
in_order = [wide[(j - 3) % 8] for j in range(8)]
show("points_8", [b for _, _, b, _ in in_order])
show("values_8", [t for _, _, _, t in in_order])
show_fit("slope_8_fast", wide, 3)
show_fit("slope_8", wide, 4)
