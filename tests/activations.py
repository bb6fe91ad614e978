#!/usr/bin/env python3
"""activations.py <include folder>: every public activation is in the one list, activations.hpp, and each of its names there
once; README's table has a row for each, whose names are those of the list. An activation is an object
`inline constexpr NAME_t NAME{};` whose type has call forms of its own."""
import pathlib
import re
import sys

headers = pathlib.Path(sys.argv[1]) / "xact"
text = "".join(p.read_text() for p in sorted(headers.glob("*.hpp")) if p.name != "activations.hpp")
callable_types = {a or b for a, b in re.findall(r"struct (\w+_t)[^{;]*: activation<|XACT_CALL_FORMS\((\w+_t)\)", text)}
objects = {name for kind, name in re.findall(r"^inline constexpr (\w+_t) (\w+)\{\};", text, re.M)
           if kind == name + "_t" and kind in callable_types}
entries = re.findall(r"detail::entry\((\w+), ([^)]*)\)", (headers / "activations.hpp").read_text())
listed = {name for name, _ in entries}
names = [n for _, line in entries for n in re.findall(r'"([^"]*)"', line)]

faults = [f"{name} is not in activations.hpp" for name in sorted(objects - listed)]
faults += [f"{name} of activations.hpp is no activation" for name in sorted(listed - objects)]
faults += [f"{line.split(',')[0]} is not the name of {name}" for name, line in entries if not line.startswith(f'"{name}"')]
faults += [f'"{n}" names two activations' for n in sorted({n for n in names if names.count(n) > 1})]
rows = dict(re.findall(r"^\| `(\w+)[^|]*\|[^|]*\|(.*)\|$", (headers.parents[1] / "README.md").read_text(), re.M))
for name, line in entries:
    faults += [f"README.md has no row for {name}"] * (name not in rows)
    told = [n.strip() for n in re.split(r"[,|]", re.sub(r"[^,|]*\([^)]*\)", "", rows.get(name, "")))]
    faults += [f'README.md calls {name} "{n}", which names() does not' for n in told if n and f'"{n}"' not in line]
dispatch = (headers / "detail/types/dispatch.hpp").read_text()
dispatched = re.findall(r"(?:plain|with)\((\w+)[,)]", re.search(r"XACT_DISPATCHED\(plain, with\)(.*?)\n\n", dispatch, re.S)[1])
faults += [] if dispatched == [name for name, _ in entries] else ["XACT_DISPATCHED of detail/types/dispatch.hpp is another list"]
print("\n".join(faults) or f"{len(listed)} activations, {len(names)} names")
sys.exit(bool(faults))
