#!/usr/bin/env python3
"""mutate.py <build folder> <tree> <ISA> <count> <seed>: plants single faults in the headers of `tree`, one after another, and
runs the tests that should notice. Called by `sh tests/run.sh --mutate COUNT`, which has made the tree, a copy. Prints each
fault with its place and whether it was noticed; mutants.tsv has those that cannot be noticed, with the reason: they are
not planted. Exits 1 where one was not."""
import pathlib
import random
import re
import subprocess
import sys
import time

build, tree, isa = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
count, seed = int(sys.argv[4]), sys.argv[5]
headers = tree / "include" / "xact"

# The tests that should notice a fault in a header, by the begin of its path: the first that fits. A header of the same
# name as a test, or as activations of the list, has those besides.
tests = [
    ("detail/gelu", "gelu gelu_tanh"), ("detail/sigmoid", "sigmoid silu"), ("detail/tanh", "tanh"),
    ("detail/softplus", "softplus"), ("detail/elu", "elu selu celu"), ("detail/mish", "mish"),
    ("detail/softsign", "softsign"), ("detail/hard_swish", "hard_swish"), ("detail/glu", "glu"),
    ("detail/softmax/sparsemax", "sparsemax"), ("detail/softmax/columns", "columns"),
    ("detail/softmax", "softmax softmax_options softmax_state"), ("softmax", "softmax softmax_options softmax_state"),
    ("log", "softmax softmax_options softmax_state"), ("detail/quantized", "requantize quantize quantize_ranges"),
    ("detail/lanes/extremes", "inspect"), ("detail/lanes/codes", "quantize requantize"),
    ("detail/lanes", "memory float16 quantize gelu silu softmax transform"),
    ("detail/numbers", "gelu silu exact midpoints"), ("detail/math/sine", "snake snake_beta"),
    ("detail/math", "gelu silu elu softplus mish"), ("detail/call/compare", "compare"),
    ("detail/call/inspect", "inspect"), ("detail/call/watch", "inspect"), ("watch", "inspect"),
    ("detail/call/midpoints", "midpoints"), ("detail/call", "activation transform rows parameters overlaps"),
    ("detail/types/census", "inspect"), ("detail/types/drift", "compare"), ("detail/types/softmax", "softmax_options"),
    ("detail/types/quantization", "quantize quantize_ranges"), ("detail/types/columns", "columns"),
    ("detail/types", "activation rows float16 float8 overlaps"), ("", "activation"),
]
# Not compiled by tests of one ISA, or no code of a call.
left_out = re.compile(r"detail/(config|dispatch|call/mistakes|types/(freestanding|dispatch))|dispatch|version|without_fma|names")


def close(text, at):
    """The index behind the parenthesis that closes the one at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i + 1
    return None


def swapped_select(line, match):
    """select(a, b, c) as select(a, c, b)."""
    begin, end = match.end() - 1, close(line, match.end() - 1)
    if end is None:
        return None
    arguments, depth, last = [], 0, begin + 1
    for i in range(begin + 1, end):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(line[i], 0)
        if (line[i] == "," and depth == 0) or i == end - 1:
            arguments.append(line[last:i].strip())
            last = i + 1
    if len(arguments) != 3 or arguments[1] == arguments[2]:
        return None
    return f"{line[:begin]}({arguments[0]}, {arguments[2]}, {arguments[1]}){line[end:]}"


def last_bit(line, match):
    step = 2 if match[3] == "f" and len(match[1]) >= 6 else 1  # a float has 23 bits, the sixth digit three of them
    return line[: match.start(1)] + match[1][:-1] + f"{int(match[1][-1], 16) ^ step:x}" + line[match.end(1) :]


def put(to):
    return lambda line, match: line[: match.start()] + match.expand(to) + line[match.end() :]


kinds = {
    "comparison": [(r" (<|>) (?=[^>]*;|.*\)| *\?)", put(r" \1= ")), (r" (<|>)= ", put(r" \1 ")), (r" == (?!0\b)", put(" != "))],
    "constant": [(r"\b0x1\.([0-9a-f]+)p[+-]?(\d+)(f?)\b", last_bit)],
    "lane": [(r"\bk \+ 1\b", put("k")), (r"\bi \+ step\b", put("i")), (r"\b2 \* k\b", put("k"))],
    "select": [(r"\bselect\(", swapped_select)],
    "tail": [(r"\bn - i\b", put("n - i - 1")), (r" - 1\b(?!\.)", put("")), (r" \+ 1\b(?!\.)", put(""))],
    "check": [(r"\bif \((?!constexpr)(.*)\) \[\[unlikely\]\]", put(r"if (false && (\1)) [[unlikely]]"))],
    "rounding": [(r" \+ [a-z_.]+\.lo\b", put("")), (r"\bround_to_odd\((\w+)\)", put(r"\1.hi"))],
    "row": [(r" % (?=quer|rows|columns)", put(" / ")), (r"\brow \* columns\b", put("0 * columns")), (r"\br \* ", put("0 * "))],
    "scale": [(r" \* [a-z_.]*scale[a-z_]*\b", put(""))],
    "cut-off": [(r"\b0x1p([+-]?\d+)(?=f?\b)", lambda l, m: f"{l[:m.start()]}0x1p{int(m[1]) + 1}{l[m.end():]}")],
}


def sites():
    """(kind, header, line number, what becomes of the line) of each fault that can be planted."""
    argued = {tuple(line.split("\t")[:2]) for line in (pathlib.Path(__file__).parent / "mutants.tsv").read_text().splitlines()[1:]}
    for path in sorted(headers.rglob("*.hpp")):
        name = path.relative_to(headers).as_posix()
        if left_out.match(name):
            continue
        for number, line in enumerate(path.read_text().splitlines()):
            code = line.split("//")[0]
            if code.strip().startswith(("#", "template", "requires", "static_assert", "concept")) or "operator" in code:
                continue
            for kind, rules in kinds.items():
                for pattern, change in rules:
                    for match in re.finditer(pattern, code):
                        planted = change(code, match)
                        if planted and planted != code and (name, planted.strip()) not in argued:
                            yield kind, name, number, planted


def run(*command, limit=900):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=limit).returncode == 0
    except subprocess.TimeoutExpired:
        return False


there = set(re.findall(rf"{isa}/(\w+)", subprocess.run(["ctest", "--test-dir", build, "-N"], capture_output=True, text=True).stdout))
listed = {}
for path in headers.glob("*.hpp"):
    listed[path.name] = [n for n in there if f"inline constexpr {n}_t {n}{{}};" in path.read_text() or n == path.stem]


def tests_for(name):
    return [t for t in listed.get(name, []) + next(t for begin, t in tests if name.startswith(begin)).split() if t in there]


choice = random.Random(seed)
by_kind = {kind: [] for kind in kinds}
for site in sites():
    by_kind[site[0]].append(site)
print(f"seed {seed}; faults that can be planted:", *(f"{kind} {len(all)}," for kind, all in by_kind.items()), flush=True)
survived = noticed = 0
while noticed + survived < count:
    kind, name, number, planted = choice.choice(by_kind[choice.choice([k for k in kinds if by_kind[k]])])
    path = headers / name
    whole = path.read_text()
    lines = whole.splitlines()
    was, lines[number] = lines[number], planted
    begin, by = time.monotonic(), None
    try:
        path.write_text("\n".join(lines) + "\n")
        compiles = True
        for test in dict.fromkeys(tests_for(name)):
            if not run("cmake", "--build", build, "--target", f"{isa}-{test}"):
                compiles = False
                break
            if not run("ctest", "--test-dir", build, "-R", f"^{isa}/{test}$", "--timeout", "300"):
                by = test
                break
    finally:
        path.write_text(whole)
    if not compiles:
        continue
    noticed, survived = noticed + (by is not None), survived + (by is None)
    verdict = f"noticed by {by}" if by else "NOT NOTICED by " + ", ".join(tests_for(name))
    print(f"{kind}: {name}:{number + 1}: {verdict}, {time.monotonic() - begin:.0f} s\n    {was.strip()}\n    {planted.strip()}", flush=True)
print(f"{'passed' if survived == 0 else 'FAILED'}: {noticed} of {noticed + survived} faults noticed, {survived} not")
sys.exit(survived != 0)
