#!/usr/bin/env python3
"""constants.py <script> <include folder>: runs a script of tests/sollya, and looks for each number that it prints in the
headers that name it. Exits with 77 where sollya or mpmath is missing."""
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys

script, include = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
python = script.suffix == ".py"
if not (importlib.util.find_spec("mpmath") if python else shutil.which("sollya")):
    print(f"skipped: constants of {script.name}, because {'mpmath' if python else 'sollya'} is missing")
    sys.exit(77)

program = script.read_text() + ("" if python else "quit;\n") # without, sollya ends with an error
command = [sys.executable, "-B", "-"] if python else ["sollya"]  # -B: no caches beside the sources
run = subprocess.run(command, input=program, capture_output=True, text=True, cwd=script.parent)
number = r"[-+]?(?:0x[0-9a-fA-F.]+p[-+]?\d+|\d+(?:\.\d*)?(?:e[-+]?\d+)?)"


def numbers(text):
    """As doubles; digits and quotes of C++ names and separators are no numbers."""
    found = re.findall(rf"(?<![\w.]){number}", text.replace("'", ""))
    return [float.fromhex(x) if "0x" in x else float(x) for x in found]


# A name first, then its numbers; "#" opens a comment.
made = [(line, x) for line in run.stdout.splitlines() if not line.startswith("#") for x in numbers(line)]
headers = [p for p in include.rglob("*.hpp") if re.search(rf"\b{re.escape(script.name)}\b", p.read_text())]
used = {x for p in headers for x in numbers(p.read_text())}
missing = [line for line, x in made if x not in used and -x not in used]

print(f"{script.name}: {len(made)} numbers, in {', '.join(p.name for p in headers) or 'no header'}")
if run.returncode or run.stderr or not made or not headers or missing:
    print(run.stderr, *(f"not in a header: {line}" for line in missing), sep="\n")
    sys.exit(1)
