#!/usr/bin/env python3
"""layers.py [include folder]: refuses an include that runs up. A header includes what lies in a lower layer or in its own
folder. The layers of include/xact/detail, from the lowest; what users include is above all of them."""
import pathlib
import re
import sys

layers = "config.hpp, types, dispatch, lanes, numbers, math, sigmoid, gelu, tanh softplus elu mish hard_swish softsign, call, glu, softmax quantized"
rank = {folder: i for i, layer in enumerate(layers.split(", ")) for folder in layer.split()}
include = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "include")


def folder_of(header):  # of "xact/detail/math/exp.hpp": "math"
    parts = pathlib.Path(header).parts
    return parts[2] if parts[1] == "detail" else "public"


failed = False
for path in sorted(include.rglob("*.hpp")):
    header = path.relative_to(include)
    own = folder_of(header)
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := re.match(r'#\s*include [<"](xact/[^>"]*)', line):
            other = folder_of(match[1])
            if unknown := {own, other} - {*rank, "public"}:
                sys.exit(f"{header}:{number}: no layer is called {', '.join(unknown)}; layers.py lists them")
            if own != other and rank.get(other, len(rank)) >= rank.get(own, len(rank)):
                failed = True
                print(f"{header}:{number}: {own} includes {match[1]}")
sys.exit(failed)
