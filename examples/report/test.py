#!/usr/bin/env python3
"""What the report's gate catches, and with which rows: test.py PROGRAM FOLDER TEST [CHROMIUM]

TEST is a function below. `base` makes in FOLDER what the others start from: 600 of the digits, six of them with a NaN
among their pixels, and the run of an unchanged model.
"""
import html.parser
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys

program, folder, test = sys.argv[1:4]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)

LIMITS = ["--max-drop", "0.02", "--max-nan-rate", "0.045", "--min-cosine", "0.9999999999"]
NAN_ROWS = [5, 77, 123, 300, 444, 599]
digits = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "digits.csv")


def report(*arguments, status=0):
    """The lines that it prints; what it says in a pipe is no progress."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    assert status == 2 or done.stderr == "", done.stderr
    return (done.stderr if status == 2 else done.stdout).splitlines()


def write_npy(path, kind, shape, values):
    header = "{'descr': '<%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape)
    header += " " * (-(11 + len(header)) % 64) + "\n"
    code = {"f4": "f", "f8": "d", "f2": "e", "u2": "H"}[kind]
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%d%s" % (len(values), code), *values))


def numbers(digits):
    return struct.unpack(">%df" % (len(digits) // 8), bytes.fromhex(digits))


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b))
    return dot / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b)) if a != b else 1


class Run:
    def __init__(self, path):
        self.all = json.load(open(path))
        self.labels = {s["row"]: s["label"] for s in self.all["samples"]}
        self.cohorts = {c["activation"] + " " + c["precision"]: {r["row"]: r for r in c["rows"]} for c in self.all["cohorts"]}


def findings(lines):
    """{(cohort, first word of what broke): rows}"""
    found = {}
    for line in lines:
        match = re.fullmatch(r"(.*): (rows that were NaN|NaN|accuracy|agreement|cosine|p99) ?.*: rows (.*)", line)
        if match:
            rows = re.sub(r" \([^)]*\)", "", match[3])
            found[match[1], match[2]] = [int(row) for row in rows.split(", ")] if rows else []
    return found


def with_fault(name):
    """What the gate finds of a run with a planted fault, each row checked against the two files."""
    found = findings(report("--data", "digits.npy", "--plant", name, "--before", "base.json", *LIMITS, "--save",
                            name + ".json", "--out", name, status=1))
    before, after = Run("base.json"), Run(name + ".json")
    assert found
    for (cohort, measure), rows in found.items():
        assert rows, (cohort, measure)
        a, b = before.cohorts[cohort], after.cohorts[cohort]
        is_meant = {
            "rows that were NaN": lambda r: a[r]["predicted"] is None and b[r]["predicted"] is not None,
            "NaN": lambda r: any(map(math.isnan, numbers(b[r]["hidden"] + b[r]["probabilities"]))),
            "accuracy": lambda r: a[r]["predicted"] == before.labels[r] != b[r]["predicted"],
            "cosine": lambda r: a[r]["hidden"] != b[r]["hidden"] and
                                not cosine(numbers(a[r]["hidden"]), numbers(b[r]["hidden"])) >= 0.9999999999,
        }[measure]
        assert rows == [r for r in a if is_meant(r)], (cohort, measure, rows)
    page = open(name + "/report.html").read()
    assert len({cohort for cohort, _ in found}) == len(re.findall('<rect class="broken"', page))
    return found


def base():
    rows = [[float(x) for x in line.split(",")] for line in open(digits)][:600]
    for row in NAN_ROWS:
        rows[row][20] = math.nan
    write_npy("digits.npy", "f4", (600, 65), [x for row in rows for x in row])
    report("--data", "digits.npy", "--save", "base.json", "--out", "base")
    names = ["report.html", "report.md", "report.csv", "rows.csv", "report.svg"]
    assert sorted(os.listdir("base")) == sorted(names)
    cohorts = Run("base.json").cohorts
    assert len(cohorts) == 6 * 7 and all(set(NAN_ROWS) <= set(rows) for rows in cohorts.values())
    assert all(rows[r]["predicted"] is None for rows in (cohorts["relu float"], cohorts["silu float16"]) for r in NAN_ROWS)


def unchanged():
    """An unchanged model passes, and more threads leave the same bits. On a terminal there is a line of progress."""
    terminal, its_end = os.openpty()
    subprocess.run([program, "--data", "digits.npy", "--threads", "3", "--save", "again.json", "--out", "again"],
                   stdout=subprocess.DEVNULL, stderr=its_end, check=True)
    assert re.search(rb"\d+ %, \d+ s left", os.read(terminal, 100000))
    lines = report("--before", "base.json", "--after", "again.json", *LIMITS[:4], "--min-cosine", "1", "--out", "again")
    assert not findings(lines) and lines[0].startswith("No threshold is passed"), lines
    without_times = [re.sub('"nanoseconds": .*', "", open(path).read()) for path in ("base.json", "again.json")]
    assert without_times[0] == without_times[1]


def nan_to_zero():
    found = with_fault("nan_to_zero")
    lost = {cohort for cohort, measure in found if measure == "rows that were NaN"}
    assert lost == {"relu float", "relu bfloat16", "relu float16", "relu float8_e4m3"}, lost
    assert all(found[cohort, "rows that were NaN"] == NAN_ROWS for cohort in lost)


def float16_softmax():
    found = with_fault("float16_softmax")
    assert {cohort.split()[1] for cohort, _ in found} == {"float16"}, found.keys()
    assert ("silu float16", "accuracy") in found and ("silu float16", "NaN") in found, found.keys()


def int4_scale():
    found = with_fault("int4_scale")
    assert {cohort.split()[1] for cohort, _ in found} == {"int4"}, found.keys()
    assert ("gelu int4 (tensor)", "cosine") in found and any(measure == "accuracy" for _, measure in found), found.keys()


def gelu_tanh():
    found = with_fault("gelu_tanh")
    assert {cohort.split()[0] for cohort, _ in found} == {"gelu"}, found.keys()
    assert ("gelu float", "cosine") in found, found.keys()


def cohort():
    found = with_fault("cohort")
    assert {cohort for cohort, _ in found} == {"silu bfloat16"}, found.keys()
    rows = list(Run("base.json").labels)[32:64]
    assert found["silu bfloat16", "cosine"] == rows, found


def tensors():
    """Two tensors of the user's: the rows of one of his cohorts are broken, the others are only rounded."""
    rows, columns = 120, 10
    values = [0.7 * ((3 * r + 7 * c) % 10) - 2.5 + 0.001 * r for r in range(rows) for c in range(columns)]
    cohorts = [("int8", "1K"), ("int8", "128K"), ("int4", "1K"), ("int4", "128K")]
    with open("cohorts.csv", "w") as file:
        file.write("precision,context\n" + "".join("%s,%s\n" % cohorts[r % 4] for r in range(rows)))
    write_npy("reference.npy", "f8", (rows // 2, 2, columns), values)
    limits = ["--max-drop", "0.1", "--max-nan-rate", "0", "--min-cosine", "0.999", "--out", "tensors"]
    broken = {3: lambda row: row[::-1], 7: lambda row: [math.nan] * columns, 11: lambda row: [-x for x in row],
              15: lambda row: row[1:] + row[:1]}
    for kind in ("f4", "f2", "u2"):
        code = lambda x: struct.unpack("<I", struct.pack("<f", x))[0] + 0x8000 >> 16 if kind == "u2" else x
        write_npy("candidate.npy", kind, (rows, columns), [code(x) for x in values])
        given = ["--reference", "reference.npy", "--candidate", "candidate.npy", "--cohorts", "cohorts.csv", *limits]
        assert not findings(report(*given))
        changed = list(values)
        for row, change in broken.items():
            changed[row * columns:(row + 1) * columns] = change(values[row * columns:(row + 1) * columns])
        nan = 0x7fc0 if kind == "u2" else math.nan
        write_npy("candidate.npy", kind, (rows, columns), [nan if math.isnan(x) else code(x) for x in changed])
        found = findings(report(*given, status=1))
        assert found == {("int4 128K", "NaN"): [7], ("int4 128K", "cosine"): list(broken),
                         ("int4 128K", "agreement"): list(broken)}, found
        assert "int4" in open("tensors/report.html").read()
    write_npy("candidate.npy", "f4", (rows, columns - 1), [0] * (rows * (columns - 1)))
    assert "120 x 10" in broken_file(*given)
    write_npy("candidate.npy", "f4", (rows, columns), values)
    open("cohorts.csv", "a").write("int4,1K\nint4,1K\n")
    assert "cohorts.csv:123: column 1: expected 120 lines" in broken_file(*given)
    open("cohorts.csv", "w").write("int4,1K\nint4\n")
    assert "cohorts.csv:2: column 1: expected 2 names" in broken_file(*given)


def broken_file(*arguments):
    """The one line that is printed; nothing is written."""
    shutil.rmtree("none", ignore_errors=True)
    lines = report(*arguments, "--out", "none", "--save", "none.json", status=2)
    assert len(lines) == 1 and not os.path.exists("none") and not os.path.exists("none.json"), lines
    return lines[0]


def broken_files():
    text = open("base.json").read()

    def of_run(changed):
        open("broken.json", "w").write(changed)
        return broken_file("--before", "base.json", "--after", "broken.json", "--max-drop", "0")

    cut = len(text) // 2
    assert "broken.json: byte %d of %d: expected JSON" % (cut + 1, cut) in of_run(text[:cut])
    assert "broken.json: byte 1 of 5: expected JSON" in of_run("hello")
    assert "broken.json: byte" in of_run("")
    assert "broken.json: /version: expected version 1, not 2" in of_run(text.replace('"version": 1', '"version": 2'))
    assert 'broken.json: /: expected an object with "version"' in of_run(text.replace('"version"', '"edition"'))
    assert "broken.json: /cohorts/0/rows/0/hidden: expected 8 hexadecimal" in of_run(re.sub(r'"hidden":"..', '"hidden":"', text, 1))
    assert "broken.json: /cohorts/0/rows/0/predicted: expected" in of_run(re.sub(r'"predicted":', '"predicted":-', text, 1))
    assert "nowhere.json: cannot be opened" in broken_file("--before", "nowhere.json")

    def of_csv(line, text):
        lines = open(digits).read().splitlines()
        lines[line - 1] = text(lines[line - 1])
        open("broken.csv", "w").write("\n".join(lines))
        return broken_file("--data", "broken.csv")

    assert "broken.csv:7: column 3: expected a number, not 'x'" in of_csv(7, lambda s: "0,0,x" + s[5:])
    assert "broken.csv:9: column 64: expected 65 columns" in of_csv(9, lambda s: s[2:])
    assert "broken.csv:2: column 65: expected a label" in of_csv(2, lambda s: s[:-1] + "1.5")
    assert "broken.csv:3: column 1: expected a number, not ''" in of_csv(3, lambda s: "")

    array = open("digits.npy", "rb").read()

    def of_npy(changed):
        open("broken.npy", "wb").write(changed)
        return broken_file("--data", "broken.npy")

    assert "broken.npy: byte 0: expected" in of_npy(array[1:])
    assert "broken.npy: byte 128: expected 600 x 65 x 4 bytes" in of_npy(array[:-4])
    assert "broken.npy: byte 6: expected version" in of_npy(array[:6] + b"\x09" + array[7:])
    assert "broken.npy: byte 20: expected one of the types" in of_npy(array.replace(b"<f4", b">f4"))
    assert "broken.npy: byte 8: expected a header that ends within the file" in of_npy(array[:50])
    assert "row 0, column 64 (from 0): expected a label" in of_npy(array[:128 + 64 * 4] + b"\0\0\0\xc0" + array[128 + 65 * 4:])

    for wrong in (["--max-drop", "x"], ["--nothing"], ["--after", "base.json"], ["--reference", "digits.npy"],
                  ["--plant", "nothing"], ["--threads", "0"], ["stray"]):
        broken_file(*wrong)


class Page(html.parser.HTMLParser):
    """Counts what is drawn in each plot."""

    def __init__(self, path):
        super().__init__()
        self.plots, self.is_in_points, self.scripts = [], False, 0
        text = open(path).read()
        assert "://" not in text.replace("http://www.w3.org/2000/svg", ""), "the page needs no network"
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.scripts += tag in ("script", "link", "img", "iframe")
        if tag == "svg":
            self.plots += [0] if attributes.get("class") == "plot" else []
        elif tag == "path" and "line" in attributes.get("class", ""):
            self.plots[-1] += len(re.findall(r"[ML]", attributes["d"]))


def page():
    """Every plot has points; in Chromium too, where it is installed, which takes a picture."""
    drawn = Page("base/report.html")
    assert drawn.scripts == 0 and len(drawn.plots) == 4 + 6 + 6 + 2 and min(drawn.plots) >= 6, drawn.plots
    chromium = sys.argv[4] if len(sys.argv) > 4 and os.path.exists(sys.argv[4]) else None
    if chromium is None:
        print("skipped: the report's page in a browser, because chromium is missing (Debian: chromium)")
        sys.exit(77)
    text = open("base/report.html").read()
    look = """<script>document.title = JSON.stringify([...document.querySelectorAll('svg.plot')].map(plot => {
      const all = plot.getBoundingClientRect();
      return [...plot.querySelectorAll('.points')].filter(line => {
        const box = line.getBoundingClientRect();
        return box.width > 50 && box.left >= all.left && box.right <= all.right && box.top >= all.top && box.bottom <= all.bottom;
      }).length;
    }))</script></body>"""
    open("look.html", "w").write(text.replace("</body>", look))

    def browse(*arguments):
        return subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" +
                               os.path.abspath("profile"), "--window-size=1120,4200", *arguments], capture_output=True,
                              text=True, timeout=120)

    found = re.search("<title>(.*?)</title>", browse("--dump-dom", "file://" + os.path.abspath("look.html")).stdout)
    lines = json.loads(found[1])
    assert len(lines) == len(drawn.plots) and min(lines) >= 1, lines
    if os.path.exists("page.png"):
        os.remove("page.png")
    browse("--screenshot=" + os.path.abspath("page.png"), "file://" + os.path.abspath("base/report.html"))
    assert os.path.getsize("page.png") > 50000
    print("The picture:", os.path.abspath("page.png"))


globals()[test]()
