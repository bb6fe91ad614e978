"""The mistakes that callers make, of every operation: the first three lines of what the compiler says of each have the
sentence that tells what to write instead, and right calls compile: mistakes.py <compiler> <flags> ..."""

import re
import subprocess
import sys
import tempfile

# A mistake: its sentence, and what it puts in place of the first argument that is read (x), of the last that is written
# (y), or of all (d). `other` is the operation's own sentence.
mistakes = {
    "ints": ("a range of integers: convert it to float", "x", "ints"),
    "bits": ("write as_float16.range", "x", "bits"),
    "pointer": ("write f.std::span.p, n", "x", "x.data()"),
    "list": ("write std::array", "x", "{1.0f, 2.0f}"),
    "bools": ("only contiguous ranges: std::vector .not of bool", "x", "bools"),
    "strings": ("elements are float, double, float16", "x", "strings"),
    "rows": ("write rows.range, columns. for both", "x", "xact::rows(x, 4)"),
    "const": ("the output is const: .* f.inout. overwrites", "y", "constant"),
    "temporary": ("the output is a temporary: write into a variable", "y", "std::vector<float>(16)"),
    "exact": ("write accurate.f. for double", "d", "d"),
    "int": ("other", "x", "3"),
}
usual = "ints bits pointer list bools strings rows const temporary "
reading = "ints bits pointer list bools strings int "

# What is right, its own sentence, the mistakes that can be made, and calls with others. {f} is the operation, which has
# tiers where "exact" is among the mistakes; {x} is read, {y} is written.
activation = r"called as f.x., f.in, out. or f.inout."
in_place = "works_in_place_and_returns_nothing_write_f_in_out"
kept = [(in_place, "auto r = {f}(x)"), (in_place, "std::vector<float> r = {f}(x)")]
of_activations = kept + [
    ("takes no integer: write f.float", "{f}(3)"),
    ("write accurate.f. for double", "xact::exact({f})(1.0)"),
    ("ranges know their lengths", "{f}(x, y, n)"),
    ("a parameter is a member", "{f}(0.5f, x, y)"),
    ("write f.std::span.p, n", "{f}(x.data(), n)"),
    ("the output is const: .* f.inout. overwrites", "{f}(constant)"),
    (activation, "{f}(1.0L)"),
    (activation, "{f}(x, x, y)"),
]
softmax = r"softmax and its kin are called as f.in, out, options."
mask = [("a.mask.holds.bool", "{f}(x, y, {{.mask = ints}})"), ("a.mask.holds.bool", "{f}(x, {{.mask = ints}})"), ("", "{f}(x, y, {{.scal = 2}})")]
with_options = [
    ("a range of integers: convert it to float", "{f}(ints, y, {{.scale = 2}})"),
    ("the output is const: .* f.inout. overwrites", "{f}(x, constant, {{.scale = 2}})"),
    ("the output is const: .* f.inout. overwrites", "{f}(constant, {{.scale = 2}})"),
]
sums = r"logsumexp.range, options. returns one value"
gated = r"a gated unit is called as f.gate, up, out."
fused = r"transform.f, in..., out. takes one to six ranges"
backward = r"backward.f, x, dy, dx. of ranges or rows, where f has a derivative"
of_prelu = r"prelu.in, slopes, out."
gradient_of_prelu = r"backward.prelu, x, slopes, dy, dx, d_slopes."
from_output = r"where the result y tells the derivative"
rows_from_output = r"where f is softmax, log_softmax or sparsemax"
updated = r"softmax_state::update.piece, options."
written = r"softmax_state::write.piece, out, options. or write.f, piece, out, options."
viewed = r"rows.range, columns. or rows.range, columns, stride."
accumulated = [("the output is const", "xact::{g}({f}, x, x, constant, {{.accumulate = true}})"),
               ("a range of integers", "xact::{g}({f}, ints, x, y, {{.accumulate = true}})")]
operations = [
    ("xact::gelu", "{f}({x}, {y})", activation, usual + "exact", of_activations),
    ("xact::leaky_relu_t{{.negative_slope = 0.5}}", "{f}({x}, {y})", activation, usual + "exact", of_activations),
    ("xact::derivative(xact::tanh)", "{f}({x}, {y})", activation, usual + "exact", of_activations),
    ("own", "{f}({x}, {y})", activation, usual, kept),
    ("xact::softmax", "{f}({x}, {y})", softmax, usual + "exact int", kept + mask + with_options + [(softmax, "{f}(x, y, n)")]),
    ("xact::log_softmax", "{f}({x}, {y})", softmax, usual + "exact int", kept + mask + with_options),
    ("xact::softmin", "{f}({x}, {y})", softmax, usual + "exact int", kept + mask + with_options),
    ("xact::sparsemax", "{f}({x}, {y})", softmax, usual + "int", kept + [(softmax, "{f}(x, y, n)")]),
    ("xact::logsumexp", "sink = {f}({x})", sums, reading + "exact", mask[1:2] + [
        (sums, "{f}(x, y)"), (sums, "{f}(xact::rows(x, 4), xact::rows(y, 1))"),
        ("the output is const", "{f}(xact::rows(x, 4), constant)"),
        ("the output is const", "{f}(xact::rows(x, 4), constant, {{.scale = 2}})"),
        ("the output is a temporary", "{f}(xact::rows(x, 4), std::vector<float>(4))"),
        ("write accurate.f. for double", "xact::exact({f})(xact::rows(d, 4), d)")]),
    ("xact::swiglu", "{f}({x}, x, {y})", gated, usual + "exact int", [
        (gated, "{f}(x, y)"), ("the output is const", "{f}(x, constant, {{.swapped = true}})"),
        ("a range of integers", "{f}(x, ints, y)"), ("", "{f}(x, x, y, {{.limi = 7}})")]),
    ("xact::glu(xact::tanh, xact::sigmoid)", "{f}({x}, x, {y})", gated, usual + "exact int", []),
    ("xact::gelu", "xact::transform({f}, {x}, {y})", fused, usual + "exact int", [
        (fused, "xact::transform(x, {f}, y)"), (fused, "xact::transform({f}, x, 2.0f, y)"), (fused, "xact::transform({f}, y)")]),
    ("[](auto v, auto w) {{ return v * w; }}", "xact::transform({f}, {x}, x, {y})", fused, usual + "int", [
        (fused, "xact::transform({f}, x, y)"), (fused, "xact::transform({f}, x, xact::outputs(y, z))")]),
    ("xact::silu", "xact::backward({f}, {x}, x, {y})", backward, usual + "exact int", accumulated + [
        (backward, "xact::backward({f}, x, y)"), ("", "xact::backward({f}, x, x, y, {{.acumulate = true}})")]),
    ("xact::geglu", "xact::backward({f}, {x}, x, x, z, {y})", backward, usual + "exact int", [
        ("the output is const", "xact::backward({f}, x, x, x, constant, z)")]),
    ("xact::softmax", "", backward, "", [(backward, "xact::backward({f}, x, x, y)")]),
    ("xact::tanh", "xact::backward_from_output({f}, {x}, x, {y})", from_output, usual + "exact int", accumulated),
    ("xact::gelu", "", from_output, "", [(from_output, "xact::backward_from_output({f}, x, x, y)")]),
    ("xact::softmax", "xact::backward_from_output({f}, {x}, x, {y})", rows_from_output, usual + "int", accumulated + [
        ("a.mask.holds.bool", "xact::backward_from_output({f}, x, x, y, {{.mask = ints}})")]),
    ("xact::sparsemax", "xact::backward_from_output({f}, {x}, x, {y})", rows_from_output, usual + "int", accumulated),
    ("xact::prelu", "{f}({x}, slopes, {y})", of_prelu, usual + "int", [(of_prelu, "{f}(x, y)"), (of_prelu, "{f}(x, 0.25f, y)")]),
    ("xact::prelu", "xact::backward({f}, {x}, slopes, x, z, {y})", gradient_of_prelu, usual + "int", [
        (gradient_of_prelu, "xact::backward({f}, x, x, y)"), ("the output is const", "xact::backward({f}, x, slopes, x, constant, z)")]),
    ("", "xact::quantize({x}, codes, q)", r"quantize.in, out, quantization.", "ints bits pointer list bools strings rows int", [
        ("a range of integers", "xact::quantize(ints, codes, {{.scale = 2}})"), ("quantize.in, out", "xact::quantize(codes, x, q)"),
        ("quantize.in, out", "xact::quantize(q, x, codes)"), ("quantize.in, out", "xact::quantize(x, y, {{.scale = 2}})"),
        ("the output is const", "xact::quantize(x, constant_codes, {{.scale = 2}})"),
        ("the output is a temporary", "xact::quantize(x, std::vector<std::int8_t>(16), q)")]),
    ("", "xact::dequantize(codes, {y}, q)", r"dequantize.in, out, quantization.", "const temporary", [
        ("a range of integers", "xact::dequantize(ints, y, {{.scale = 2}})"), ("dequantize.in, out", "xact::dequantize(x, codes, q)"),
        ("dequantize.in, out", "xact::dequantize(3, y, q)"), ("write std::array", "xact::dequantize({{1, 2}}, y, q)"),
        ("write f.std::span.p, n", "xact::dequantize(codes.data(), y, q)"),
        ("write rows", "xact::dequantize(xact::rows(codes, 4), y, {{.scale = 2}})")]),
    ("", "q = xact::calibrate<std::int8_t>({x})", r"calibrate.T..range or rows.", reading, [
        ("calibrate.T..range or rows.", "xact::calibrate<float>(x)")]),
    ("xact::gelu", "table = xact::tabulate<std::int8_t>({f}, q, q)", r"tabulate.T..f, in, out.", "", [
        (r"tabulate.T..f, in, out.", "xact::tabulate<std::int8_t>(q, q, {f})"), (r"tabulate.T..f, in, out.", "xact::tabulate<float>({f}, q, q)"),
        (r"tabulate.T..f, in, out.", "xact::tabulate<int>({f}, {{.scale = 1}}, {{.scale = 1}})"),
        (r"tabulate.T..f, in, out.", "xact::tabulate<std::int8_t>({f}, 0.1f, 0.1f)"), (r"tabulate.T..f, in, out.", "xact::tabulate<std::int8_t>(3, q, q)")]),
    ("", "table(codes, codes)", "a table is called as t.in, out.", "", [
        ("a table is called", "table(x, y)"), ("a range of integers", "table(ints, codes)"), ("write f.std::span.p, n", "table(codes.data(), codes)"),
        ("the output is const", "table(codes, constant_codes)"), ("the output is a temporary", "table(codes, std::vector<std::int8_t>(16))"),
        ("write std::array", "table({{1, 2}}, codes)"), (in_place, "auto r = table(codes)")]),
    ("xact::gelu", "xact::requantize(ints, 0.5f, {f}, q, codes)", r"requantize.accumulators, scale, f, quantization, out.", "", [
        ("requantize.accumulators", "xact::requantize(x, 0.5f, {f}, q, codes)"), ("requantize.accumulators", "xact::requantize(ints, 0.5f, {f}, {{.scale = 2}}, ints)"),
        ("requantize.accumulators", "xact::requantize(ints, {f}, 0.5f, q, codes)"), ("requantize.accumulators", "xact::requantize(ints, 0.5f, {f}, codes, q)"),
        ("write f.std::span.p, n", "xact::requantize(ints.data(), 0.5f, {f}, q, codes)"), ("write std::array", "xact::requantize({{1, 2}}, 0.5f, {f}, q, codes)"),
        ("only contiguous", "xact::requantize(bools, 0.5f, {f}, {{.scale = 2}}, codes)"), ("the output is const", "xact::requantize(ints, 0.5f, {f}, {{.scale = 2}}, constant_codes)"),
        ("the output is a temporary", "xact::requantize(ints, 0.5f, {f}, q, std::vector<std::int8_t>(16))")]),
    ("", "census = xact::inspect({x})", "inspect.range or rows, first.", reading, [("inspect.range or rows", "xact::inspect(3, x)")]),
    ("", "drift = xact::compare({x}, x)", "compare.reference, candidate.", reading + "rows", [("compare.reference", "xact::compare(x)"), ("compare.reference", "xact::compare(2, x)")]),
    ("", "xact::softmax_options options{{.mask = {x}}}", "a mask holds bool", "", [
        ("a mask holds bool", "xact::softmax_options options{{.mask = " + wrong + "}}") for wrong in ("ints", "strings", "bools")] + [
        ("a mask holds bool", "xact::softmax_options options{{}}; options.mask = ints"), ("a mask holds bool", "xact::softmax_mask m = ints"),
        ("scale, mask_scale and sink hold", "xact::softmax_options options{{.scale = ints}}"), ("scale, mask_scale and sink hold", "xact::softmax(x, y, {{.sink = codes}})"),
        ("scale, mask_scale and sink hold", "xact::softmax_options options{{.mask_scale = bytes}}")]),
    ("", "state.update({x})", updated, "", [(updated, "state.update(" + wrong + ")") for wrong in (
        "ints", "bits", "x.data()", "x.data(), n", "{{1.0f, 2.0f}}", "bools", "strings", "xact::rows(x, 4)", "3", "x, y", "", "ints, {{.scale = 2}}")] + [
        ("a mask holds bool", "state.update(x, {{.mask = ints}})")]),
    ("", "state.write({x}, {y})", written, "", [(written, "state.write(" + wrong + ")") for wrong in (
        "ints, y", "x, ints", "x.data(), y.data()", "x", "{{1.0f, 2.0f}}, y", "bools, y", "xact::rows(x, 4), xact::rows(y, 4)", "x, constant",
        "x, std::vector<float>(16)", "x, constant, {{.scale = 2}}", "xact::softmin, x, y", "xact::logsumexp, x, y", "xact::gelu, x, y", "x, y, xact::softmax",
        "xact::exact(xact::softmax), d, d", "xact::softmax, ints, y, {{.scale = 2}}", "x, y, y")]),
    ("", "state.write(xact::exact(xact::log_softmax), {x}, {y}, {{.scale = 2}})", written, "", []),
    ("", "(void)xact::rows({x}, 4)", viewed, "", [(viewed, "(void)xact::rows(" + wrong + ")") for wrong in (
        "ints, 4", "bits, 4", "x", "x.data(), 4", "x.data(), n, 4", "bools, 4", "strings, 4", "std::vector<float>(16), 4", "4, x", "x, 4, 4, 4", "x, x")] + [
        (viewed, "xact::gelu(xact::rows(ints, 4), xact::rows(y, 4))"), (viewed, "xact::softmax(xact::rows(x), xact::rows(y))")]),
    ("", "(void)xact::outputs({x}, {y})", r"outputs.y, z.", "", [
        ("a range of integers", "(void)xact::outputs(ints, y)"), ("the output is const", "(void)xact::outputs(x, constant)"),
        ("the output is a temporary", "(void)xact::outputs(std::vector<float>(16), y)"), ("write rows", "(void)xact::outputs(xact::rows(x, 4), y)"),
        (r"outputs.y, z.", "(void)xact::outputs(x, y, z)"), (r"outputs.y, z.", "(void)xact::outputs(x)")]),
    ("", "(void)xact::as_float16(bits)", r"as_float16.range.: of a contiguous", "", [(r"as_b?float16.range.: of a contiguous", "(void)xact::as_" + wrong + ")") for wrong in (
        "float16(x", "float16(ints", "bfloat16(x", "bfloat16(bits.data()", "bfloat16(3", "float16(std::vector<std::uint16_t>(3)")]),
    ("", "view = xact::columns({x}, 4, 4)", "columns.range, width, height.", reading, [("columns.range, width", "xact::columns(std::vector<float>(16), 4, 4)")]),
]

# Functions whose result alone matters: {n} a number's.
nodiscard = """xact::accurate(xact::gelu) xact::accurate(xact::softmax) xact::accurate(xact::swiglu) xact::exact(xact::gelu)
xact::exact(xact::log_softmax) xact::exact(xact::softmin) xact::exact(xact::logsumexp) xact::exact(xact::swiglu) xact::derivative(xact::gelu)
xact::glu(xact::gelu) xact::glu(xact::gelu,xact::tanh) xact::watch(xact::gelu,census) xact::rows(x,4) xact::columns(x,4,4) xact::outputs(y,z)
xact::logsumexp(x) xact::inspect(x) xact::compare(x,x) xact::calibrate<std::int8_t>(x) xact::tabulate<std::int8_t>(xact::gelu,q,q)
xact::as_float16(bits) xact::as_bfloat16(bits) xact::saturate<xact::float8_e4m3>(1.0f) xact::float16::from_bits(0) xact::names()
xact::int4_pair::of(1,2) census.nan_rate() census.saturation() drift.mean_error() drift.recall() xact::softmax_state().logsumexp()"""

lines, wanted = [], {}


def add(call, sentence):
    lines.append("void f%d() { %s; }" % (len(lines), call))
    wanted[len(lines)] = sentence


for f, right, other, usual_ones, calls in operations:
    f = f.format()
    place = {"f": f, "x": "x", "y": "y"}
    if right:
        add(right.format(**place), None)
    for name in usual_ones.split():
        sentence, which, by = mistakes[name]
        call = right.format(**place | {which: by})
        if name == "exact":
            call = re.sub(r"\b[xyz]\b", "d", right.format(f="xact::exact(%s)" % f, x="d", y="d"))
        add(call, other if sentence == "other" else sentence)
    for sentence, call in calls:
        add(call.format(f=f, g="backward_from_output" if "backward_from" in right else "backward"), sentence)

for call in nodiscard.split():
    add(call, "nodiscard")

head = """#include <xact/xact.hpp>
#include <string>
#include <vector>
struct own_t : xact::activation<own_t> { template <class V> V standard(const V &x) const { return x * x; } };
constexpr own_t own{};
std::vector<float> x(16), y(16), z(16), slopes(1); std::vector<double> d(16); const std::vector<float> constant(16);
std::vector<int> ints(16); std::vector<std::uint16_t> bits(16); std::vector<bool> bools(16); std::vector<std::string> strings(16);
std::vector<std::int8_t> codes(16); const std::vector<std::int8_t> constant_codes(16); std::size_t n = 16; float sink;
xact::quantization q; xact::table<std::int8_t> table; xact::softmax_state state; std::vector<unsigned char> bytes(16); xact::census census; xact::drift drift; xact::column_view<float> view;
"""
first = head.count("\n")
with tempfile.TemporaryDirectory() as folder:
    source = folder + "/mistakes.cpp"
    with open(source, "w") as file:
        file.write(head + "\n".join(lines) + "\n")
    limit = ["-ferror-limit=0"] if "clang" in subprocess.run([sys.argv[1], "--version"], capture_output=True, text=True).stdout else []
    said = subprocess.run(sys.argv[1:] + limit + ["-fsyntax-only", "-fno-diagnostics-color", "-Werror=unused-result", source], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}).stderr.splitlines()

failed = 0
for number, sentence in wanted.items():
    # Where this function's messages begin: g++ says first which function it is in.
    begin = next((i for i, line in enumerate(said) if re.search(r"In function 'void f%d\(" % (number - 1), line)
                  or re.match(r"\S*mistakes\.cpp:%d:" % (first + number), line)), None)
    text = None if begin is None else "\n".join(said[begin:begin + 3])
    if (sentence is None) != (text is None) or (text is not None and not re.search(sentence, text)):
        failed += 1
        print("%s\n  is to say: %s\n  says: %s\n" % (lines[number - 1], sentence, text))
print("%d mistakes of %d operations, %d wrong" % (len(wanted), len(operations), failed))
sys.exit(failed != 0 or len(wanted) < 300)
