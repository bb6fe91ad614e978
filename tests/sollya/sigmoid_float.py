#!/usr/bin/env python3
"""Makes the constants of include/xact/detail/sigmoid/float.hpp and elu/float.hpp: e^-x = 2^n * T[j] * e^-t, t at most half a table step.

A table's entry is 2^(j/N) with 96 and j/N taken off its exponent, as an integer: adding the bits of the shifted x, which
hold 96 + n + j/N, gives 2^n * 2^(j/N).
"""
import struct

from mpmath import cos, exp, log, lu_solve, matrix, mp, mpf, nint, pi

mp.dps = 40


def bits(x):
    return struct.unpack("<I", struct.pack("<f", float(x)))[0]


def single(x):
    return struct.unpack("<f", struct.pack("<f", float(x)))[0]


def show(block, values):
    for x in values:
        head, exponent = single(x).hex().split("p")
        print(block, (head.rstrip("0").rstrip(".") if "." in head else head) + "p" + exponent)


def shifted(entries):
    """The entries with (96 + j/N) * 2^23 taken off their bits."""
    step = 23 - (len(entries).bit_length() - 1)
    return [struct.unpack("<f", struct.pack("<I", bits(x) - (j << step) - (96 << 23)))[0] for j, x in enumerate(entries)]


def minimax(f, powers, half_width, weight):
    """Coefficients c with sum c[k] * t^powers[k] near f(t): Lawson's weights towards least max of abs(error)*weight."""
    count = 40 * len(powers)
    points = [half_width * cos(pi * (k + mpf(1) / 2) / count) for k in range(count)]
    lawson, best = [mpf(1)] * count, None
    for _ in range(60):
        lhs, rhs = matrix(len(powers), len(powers)), matrix(len(powers), 1)
        for t, w in zip(points, lawson):
            row = [t**p * weight(t) for p in powers]
            for i, a in enumerate(row):
                rhs[i] += w * a * f(t) * weight(t)
                for j, b in enumerate(row):
                    lhs[i, j] += w * a * b
        c = lu_solve(lhs, rhs)
        errors = [abs(sum(c[i] * t**p for i, p in enumerate(powers)) - f(t)) * weight(t) for t in points]
        if best is None or max(errors) < best[0]:
            best = (max(errors), [c[i] for i in range(len(powers))])
        total = sum(w * e for w, e in zip(lawson, errors))
        lawson = [w * e / total * count for w, e in zip(lawson, errors)]
    return best[1]


print("# -scale/ln2, ln2/scale and what its float lacks: sigmoid and silu, gelu_quick")
for scale in (mpf(1), mpf("1.702")):
    show("step", [-scale / log(2), log(2) / scale, log(2) / scale - single(log(2) / scale)])

print("# fast: entries 3e-8 too large, half of what the float ln2 loses at n = 32")
for n in (32, 8):
    show("fast_powers_%d" % n, shifted([mpf(2) ** (mpf(j) / n) * (1 + mpf("3e-8")) for j in range(n)]))
half_step = log(2) / 64
print("# fast, 32 entries: e^-t ~ (2 - slope*t)/(2 + t), the cubic error spread: 1 - half_step^2/8, tuned on every float")
show("fast_slope", [1 - 232 * mpf(2) ** -24])
print("# fast, 32 entries, gelu_quick: e^-t, less what the entries are too large")
c = minimax(lambda t: exp(-t), (0, 1, 2), half_step, lambda t: exp(t))
show("fast_quick", [1 - mpf(2) ** -24, c[1], c[2]])
print("# fast, 8 entries: e^-t")
show("fast_exp", minimax(lambda t: exp(-t), (0, 1, 2, 3), log(2) / 16 * mpf("1.002"), lambda t: exp(t)))

print("# default: entries of 10 bits, so that 1 + entry is exact; remainder = log(2^(j/N) / entry)")
for n, powers in ((32, (0, 1, 2)), (8, (0, 1, 2, 3))):
    exact = [mpf(2) ** (mpf(j) / n) for j in range(n)]
    short = [mpf(int(x * 512 + mpf(1) / 2)) / 512 for x in exact]
    show("powers_%d" % n, shifted(short))
    show("remainders_%d" % n, [log(x / y) for x, y in zip(exact, short)])
    half = log(2) / (2 * n) + mpf("0.001")
    show("expm1_%d" % n, minimax(lambda t: (exp(-t) - 1) / t, powers, half, lambda t: abs(t) * exp(t)))

print("# elu: the entry just below 1, chosen so that its remainder is a multiple of the last bit of t there, and 2^-10 of it")
for n, grid in ((32, mpf(2) ** -30), (8, mpf(2) ** -28)):
    exact = mpf(2) ** (mpf(n - 1) / n)
    best = None
    for k in range(-4096, 4097):
        entry = mpf(single(exact)) + k * mpf(2) ** -23
        remainder = log(exact / entry)
        short = nint(remainder / grid) * grid
        if best is None or abs(short - remainder) < best[0]:
            best = (abs(short - remainder), entry, short)
    show("below_1", [shifted([mpf(1)] * (n - 1) + [best[1]])[-1], best[2]])
