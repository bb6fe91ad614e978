"""Polynomials on pieces of an interval, with float coefficients: what the scripts beside this folder share."""
import struct

from mpmath import cos, lu_solve, matrix, mp, mpf, pi

mp.dps = 30


def to_float(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def show(name, x):
    mantissa, exponent = float(x).hex().split("p")
    print(name, mantissa.rstrip("0").rstrip(".") + "p" + exponent)


def minimax(rows, targets):
    """The coefficients that bring the largest of abs(rows * c - targets) close to its minimum."""
    n, weights, best = len(rows[0]), [mpf(1)] * len(rows), None
    for _ in range(12):
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
    return best[1]


def relative(f, low, high, degree):
    """The coefficients, made floats one by one, of the polynomial of least relative error."""
    points = [low + (high - low) * (1 - cos(pi * k / 59)) / 2 for k in range(60)]
    coefficients, rest = [], [mpf(1)] * 60
    for k in range(degree + 1):
        powers = [[(x / high) ** j / f(x) for j in range(k, degree + 1)] for x in points]
        coefficients.append(to_float(minimax(powers, rest)[0] / high**k))
        rest = [r - coefficients[k] * x**k / f(x) for r, x in zip(rest, points)]
    return coefficients


def fit(f, low, high, centre, degree):
    count = 6 * degree
    points = [low + (high - low) * (1 - cos(pi * k / (count - 1))) / 2 for k in range(count)]
    scale = max(high - centre, centre - low)
    values = [f(a) for a in points]
    powers = [[((a - centre) / scale) ** k / value for k in range(degree + 1)] for a, value in zip(points, values)]
    coefficients, rest = [to_float(f(centre))], [mpf(1)] * count
    for k in range(degree):
        rest = [r - coefficients[k] * scale**k * row[k] for r, row in zip(rest, powers)]
        best = minimax([row[k + 1 :] for row in powers], rest)
        coefficients.append(to_float(best[0] / scale ** (k + 1)))
    return coefficients
