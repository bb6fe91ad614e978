#!/usr/bin/env python3
"""amalgamate.py <include folder> <output>: xact/xact.hpp and all that it includes of xact as one header."""
import pathlib
import re
import sys

include, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
done = set()


def text_of(name):
    """The header of that name where it is included first, else nothing."""
    if name in done:
        return ""
    done.add(name)
    text = (include / name).read_text().replace("#pragma once\n", "", 1).strip("\n")
    inlined = re.sub(r"^#include <(xact/[^>]+)>\n?", lambda m: text_of(m[1]), text, flags=re.M)
    return f"// ===== {name}\n{inlined}\n"


licence = (include.parent / "LICENSE").read_text().strip().splitlines()
output.parent.mkdir(parents=True, exist_ok=True)
output.write_text("".join(f"// {line}".rstrip() + "\n" for line in licence) + "\n#pragma once\n\n" + text_of("xact/xact.hpp"))
print(f"{output}: {len(done)} headers, {len(output.read_text().splitlines())} lines")
