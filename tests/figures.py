#!/usr/bin/env python3
"""figures.py <include folder> <results.tsv>: holds each "N ULP ... at INPUT" of a header's *Accuracy* of float against what
tests/exhaustive found: the input must be a function's worst one, and the figure that error, rounded up."""
import pathlib
import re
import sys

headers, results = pathlib.Path(sys.argv[1]) / "xact", pathlib.Path(sys.argv[2])
rows = [line.split("\t") for line in results.read_text().splitlines()[1:]]
found = {}  # function -> {(abs(input), worst)}
for function, _, _, _, _, worst, at, *_ in rows:
    found.setdefault(function.rstrip("'"), set()).add((abs(float.fromhex(at)), float(worst)))

wrong, without = [], []
for path in sorted(headers.glob("*.hpp")):
    text = re.sub(r"\n\s*///\s?", " ", path.read_text())
    for promise, name in re.findall(r"\*Accuracy\*:(.*?)struct (\w+)_t\b", text, re.S):
        promise = re.split(r"double: |\*Special\*", promise)[0]
        for figure, at in re.findall(r"(\d+\.\d+)[^.;]*?,? (?:worst )?at (-?0x[0-9a-f.]+p[+-]\d+)", promise):
            worsts = [w for x, w in found.get(name, ()) if x == abs(float.fromhex(at))]
            if not found.get(name):
                without.append(name)
            elif not any(w <= float(figure) < w + 0.0015 for w in worsts):
                wrong.append(f"{path.name}: {name}: {figure} ULP at {at} is not what results.tsv has: {sorted(found[name])}")
print("\n".join(wrong) or f"{len(rows)} results")
if without:
    print("figures of no line in results.tsv yet:", *sorted(set(without)))
sys.exit(bool(wrong))
