#!/usr/bin/env python3
"""Makes the tables of include/xact/detail/softplus/tables.hpp.

softplus(x) = max(x, 0) + g(a), a = abs(x), g(a) = log(1 + e^-a). The float kernels take g (the default tier) or
sqrt(g - 2^-25) (the fast one) from polynomials on pieces of one width, one for each rounded a/step: the minimax fit of
the relative error. Where a table has centres, each is the float nearest to where it is wanted among those where the
function is nearly a float that ends in two zero bits. The 0.25 and 0.3 were found by trying.
"""
from mpmath import exp, log1p, mpf, sqrt
from shared.segments import fit, show


def g(a):
    return log1p(exp(-a))


def root(a):
    return sqrt(g(a) - mpf(2) ** -25)


def float_step(a):
    """The spacing of floats just above a."""
    step = mpf(2) ** -23
    while step * 2**24 <= a:
        step *= 2
    while step * 2**23 > a:
        step /= 2
    return step


def centre_near(a, f):
    step = float_step(a)
    nearest = int(a / step)
    for k in range(1 << 16):
        c = (nearest + (k // 2 + 1 if k % 2 else -k // 2)) * step
        units = f(c) / (4 * float_step(f(c)))
        if abs(units - round(units)) < mpf(2) ** -10:
            return c


# name: function, entries, step, limit, degree, where centres are wanted (None: they are index * step)
TABLES = {
    "softplus_fast_32": (root, 32, mpf("0.5"), mpf("15.6875"), 4, None),
    "softplus_fast_8": (root, 8, mpf(2), mpf("14.875"), 7, lambda i: i and 2 * i + mpf("0.25")),
    "softplus_32": (g, 32, mpf("0.5"), mpf("15.6875"), 5, lambda i: max(mpf(i) / 2, mpf("0.125"))),
    "softplus_8": (g, 8, mpf(2), mpf("14.875"), 9, lambda i: max(mpf(2 * i), mpf("0.5")) + mpf("0.3")),
}

for name, (f, count, step, limit, degree, wanted) in TABLES.items():
    for i in range(count):
        low, high = max((i - mpf("0.5")) * step, 0), min((i + mpf("0.5")) * step, limit)
        centre = i * step
        if wanted:
            centre = centre_near(wanted(i), f) if wanted(i) else 0
            show(name + ".centre", centre)
        for k, c in enumerate(fit(f, low, high, centre, degree)):
            show(f"{name}.c{k}", c)
