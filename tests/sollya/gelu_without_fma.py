#!/usr/bin/env python3
"""Makes the constants of include/xact/detail/gelu/float_without_fma.hpp.

Phi(-a) * e^(a*a/2) = D(a)/(K*a*D(a) + N(a)) on [0, 14.75], K = sqrt(2*pi) as a float: least relative error of the
linearised quotient by Lawson's weights, in 30 digits; 2^-25.8. D(0) = 1.5 and N(0) = 3 are given: with D(0) = 1, whose
coefficients are rounded more, the kernel is less accurate by an ULP. They are made floats one by one from the lowest up,
D's and N's in turn, and the rest is fitted again.
"""
from mpmath import cos, erfc, exp, mpf, pi, sqrt
from shared.segments import minimax, show, to_float

LIMIT, DEGREE, ROUNDS = mpf("14.75"), 4, 6
K = to_float(sqrt(2 * pi))
end = (LIMIT - 2) / (LIMIT + 2)  # of z = (a - 2)/(a + 2), for points that are denser near 0
points = [2 * (1 + z) / (1 - z) for z in ((1 + end) * (1 - cos(pi * k / 79)) / 2 - 1 for k in range(80))]
values = [exp(a * a / 2) * erfc(a / sqrt(mpf(2))) / 2 for a in points]
known = {("d", 0): mpf("1.5"), ("n", 0): mpf(3)}
scale = mpf(8)


def column(name, k, a, f):
    """What a coefficient adds to D - F*(K*a*D + N), by its unit."""
    return (a / scale) ** k * (1 - f * K * a if name == "d" else -f)


for k in range(1, DEGREE + 1):
    for name in "dn":
        free = [(m, j) for j in range(1, DEGREE + 1) for m in "dn" if (m, j) not in known]
        below = [1 / f for f in values]
        for _ in range(ROUNDS):
            rows = [[column(m, j, a, f) / (f * q) for m, j in free] for a, f, q in zip(points, values, below)]
            targets = [-sum(column(m, j, a, f) * c * scale**j for (m, j), c in known.items()) / (f * q)
                       for a, f, q in zip(points, values, below)]
            best = dict(zip(free, minimax(rows, targets)))
            best.update({key: c * scale ** key[1] for key, c in known.items()})
            below = [sum(best[m, j] * (a / scale) ** j * (K * a if m == "d" else 1) for m, j in best) for a in points]
        known[name, k] = to_float(best[name, k] / scale**k)

show("k", K)
for name, j in sorted(known):
    show(name + str(j), known[name, j])
show("density", to_float(1 / sqrt(2 * pi)))
print("# the factor of 2u(a), a double")
show("tanh", 2 * sqrt(2 / pi))
