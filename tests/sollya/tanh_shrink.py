#!/usr/bin/env python3
"""Makes the fraction in include/xact/tanh_shrink.hpp: Lambert's t/(5 + t/(7 + ... t/(2n + 3))) = t * A(t)/B(t), n = 10."""

levels = 10
b, a = [2 * levels + 3], [1]
for k in range(levels - 1, 0, -1):  # 2k + 3 + t * a/b
    low, high = [(2 * k + 3) * c for c in b], [0] + a
    width = max(len(low), len(high))
    b, a = [x + y for x, y in zip(low + [0] * (width - len(low)), high + [0] * (width - len(high)))], b
print("above", *a)
print("below", *b)
