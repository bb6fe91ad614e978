#!/usr/bin/env python3
"""Makes the decimal constants in include/xact/gelu_quick.hpp and elu.hpp, in two parts."""
from mpmath import mp, mpf

mp.dps = 60


def show(block, value):
    for part in (value, value - mpf(float(value))):
        mantissa, exponent = float(part).hex().split("p")
        print(block, f"{mantissa.rstrip('0').rstrip('.')}p{exponent}")


scale = mpf("1.0507009873554804934193349852946")
show("gelu_quick", mpf("1.702"))
show("selu", scale)
show("selu", scale * mpf("1.6732632423543772848170429916717"))
