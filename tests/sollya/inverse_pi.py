#!/usr/bin/env python3
"""Makes the constants in include/xact/detail/math/sine.hpp: pi in parts, 1/pi in pieces of 26 bits, times 2^512."""
from mpmath import floor, ldexp, mp, mpf

mp.prec = 1400


def show(name, value):
    mantissa, exponent = float(value).hex().split("p")
    print(name, f"{mantissa.rstrip('0').rstrip('.')}p{exponent}")


def cut(value, bits):
    """The leading bits."""
    scale = bits - 1 - int(floor(mp.log(value, 2)))
    return ldexp(floor(ldexp(value, scale)), -scale)


first = cut(mp.pi, 30)
second = cut(mp.pi - first, 30)
for part in (first, second, mp.pi - first - second):
    show("pi_in_three", part)
show("pi", mp.pi)
show("pi", mp.pi - mpf(float(mp.pi)))
show("inverse", 1 / mp.pi)
rest = 1 / mp.pi
for k in range(1, 44):
    piece = ldexp(floor(ldexp(rest, 26 * k)), -26 * k)
    show("pieces", ldexp(piece, 512))
    rest -= piece
