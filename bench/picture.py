"""Draws speed beside error as SVG: python3 bench/picture.py compared.tsv tests/exhaustive/results.tsv > speed.svg

compared.tsv is what compare-<isa> printed; the errors over every float replace the sampled ones of xact. Standard library only."""

import html
import math
import sys

FUNCTIONS = ["gelu", "gelu_tanh", "silu", "sigmoid", "tanh"]
TIERS = {"default": "xact", "accurate": "xact accurate", "exact": "xact exact"}
SIZE, SIGMA = "65536", "2"
ISAS = ["sse2", "sse4.2", "avx", "avx2", "avx512", "neon", "baseline"]  # the last one measured is drawn, neon apart

PANEL, ROW, LABEL, BARS, ERRORS = 480, 17, 92, 170, 150
TOP_ULP = 2.0**24
OURS, PEERS, INK, FAINT = "#1f6feb", "#9aa4b0", "#24292f", "#d0d7de"


def read(paths):
    """(times, errors, machine): times[isa, function, by] in ns an element, errors[function, by] = near 0, everywhere."""
    times, errors, proven, machine = {}, {}, {}, ""
    for line in (line for path in paths for line in open(path)):
        f = line.rstrip("\n").split("\t")
        if f[0] == "machine":
            machine = ", ".join(f[2:])
        elif f[0] == "speed" and f[3] == "float" and f[5:7] == [SIZE, SIGMA]:
            key = f[1], f[2], f[4]
            times[key] = min(times.get(key, math.inf), float(f[7]) / int(SIZE))
        elif f[0] == "error":
            now = float(f[5]), float(f[7])
            errors[f[2], f[4]] = tuple(map(max, errors.get((f[2], f[4]), now), now))
        elif len(f) == 9 and f[1] in TIERS:
            key = f[0], f[1]
            proven[key] = max(proven.get(key, 0), float(f[5]))
    for key, everywhere in proven.items():
        errors[key] = min(errors.get(key, (0, 0))[0], everywhere), everywhere
    return times, errors, machine


def text(x, y, words, size=11, anchor="start", colour=INK, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}">{html.escape(words)}</text>')


def line(x1, y1, x2, y2, colour=FAINT, width=1):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def ulp_x(ulp):
    """From 0.25 ULP, on a logarithmic axis; NaN counts as the end."""
    return min(1, max(0, math.log(max(ulp, 0.25) / 0.25) / math.log(TOP_ULP / 0.25))) * ERRORS


def ulp_text(ulp):
    if math.isinf(ulp):
        return "NaN"
    return f"{ulp:.2g}" if ulp < 100 else "no digit" if ulp > 2**23 * 0.9 else f"{ulp:.0e}"


def panel(function, rows, scale):
    """One function; rows of (name, ns, error near 0, error everywhere)."""
    out = [text(0, 14, function, 14, weight="bold"), text(LABEL, 14, "ns an element", 10, colour="#57606a"),
           text(LABEL + BARS + 50, 14, "ULP of error: every x, and ○ abs(x) ≤ 1", 10, colour="#57606a")]
    bottom = 24 + ROW * len(rows)
    for ulp in (0.5, 1, 4, 2.0**12, TOP_ULP):
        x = LABEL + BARS + 50 + ulp_x(ulp)
        out += [line(x, 20, x, bottom), text(x, bottom + 10, {1: "", 2.0**12: "4096", TOP_ULP: "2²⁴"}.get(ulp, f"{ulp:g}"),
                                             8, "middle", "#57606a")]
    for i, (name, ns, near, everywhere) in enumerate(rows):
        y = 24 + ROW * i
        colour = OURS if name.startswith("xact") else PEERS
        width = min(ns / scale, 1) * BARS
        out += [text(LABEL - 6, y + 11, name, 11, "end", weight="bold" if name == "xact" else "normal"),
                f'<rect x="{LABEL}" y="{y + 2}" width="{width:.1f}" height="{ROW - 4}" fill="{colour}"/>',
                text(LABEL + width + 4, y + 11, f"{ns:.3f}" if ns < 1 else f"{ns:.1f} →", 10)]
        x, x0 = LABEL + BARS + 50 + ulp_x(everywhere), LABEL + BARS + 50 + ulp_x(near)
        out += [line(x0, y + ROW / 2, x, y + ROW / 2, colour, 2),
                f'<circle cx="{x0:.1f}" cy="{y + ROW / 2}" r="3.2" fill="white" stroke="{colour}" stroke-width="1.5"/>',
                f'<circle cx="{x:.1f}" cy="{y + ROW / 2}" r="3.6" fill="{colour}"/>',
                text(LABEL + BARS + 50 + ERRORS + 8, y + 11, ulp_text(everywhere), 10)]
    return "".join(out), bottom + 18


def legend():
    lines = ["● the worst over the whole range of float;  ○ the worst for abs(x) ≤ 1 (normal floats)",
             "from a sample of 300,000 floats; ● of xact over every float, where given",
             "no digit: 0, or a number of another size, where the true value is a normal or subnormal float",
             "NaN: for a number, or near infinity",
             "→ the bar is longer than there is room for"]
    return "".join(text(0, 50 + 18 * i, words, 11, colour="#57606a") for i, words in enumerate(lines))


def main():
    times, errors, machine = read(sys.argv[1:])
    isa = max({key[0] for key in times}, key=ISAS.index)
    panels = []
    for function in FUNCTIONS:
        found = {by: ns for (i, f, by), ns in times.items() if (i, f) == (isa, function) and (function, by) in errors}
        order = [by for by in TIERS if by in found] + sorted(found.keys() - TIERS.keys(), key=found.get)
        slowest = max((found[by] for by in TIERS if by in found), default=1)
        rows = [(TIERS.get(by, by), found[by], *errors[function, by]) for by in order]
        if rows:
            panels.append(panel(function, rows, 1.25 * slowest))
    panels.append((legend(), 0))
    y, cells = 40, []
    for i in range(0, len(panels), 2):
        for j, (content, _) in enumerate(panels[i:i + 2]):
            cells.append(f'<g transform="translate({16 + j * (PANEL + 40)},{y})">{content}</g>')
        y += max(size for _, size in panels[i:i + 2]) + 14
    width = 2 * (PANEL + 40) + 24
    title = f"{isa}, {int(SIZE):,} floats in L2, N(0, {SIGMA}), one thread"
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" font-family="sans-serif">'
          f'<title>Speed and error of xact and its peers</title><rect width="{width}" height="{y}" fill="white"/>'
          + text(16, 24, title, 13, weight="bold") + text(width - 16, 24, machine, 10, "end", "#57606a")
          + "".join(cells) + "</svg>")


main()
