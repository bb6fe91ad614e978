#include "run.hpp"
#include "files.hpp"

#include <xact/compare.hpp>
#include <xact/inspect.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace report {
namespace {

using json = nlohmann::ordered_json;
constexpr int version = 1;

template <class T> void append_hex(std::string &to, T bits) {
  for (int shift = static_cast<int>(sizeof bits) * 8 - 4; shift >= 0; shift -= 4) {
    to += "0123456789abcdef"[bits >> shift & 15];
  }
}
std::string hex(const std::vector<float> &values) {
  std::string text;
  for (const float value : values) {
    append_hex(text, std::bit_cast<std::uint32_t>(value));
  }
  return text;
}
std::string hex(const std::vector<std::uint8_t> &bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    append_hex(text, byte);
  }
  return text;
}
std::string hex(std::uint64_t bits) {
  std::string text;
  append_hex(text, bits);
  return text;
}

json number(double x) { return std::isnan(x) ? json() : json(x); }

/// A value of the document, that knows where it stands.
class reader {
public:
  reader(const std::string &path, const json &document) : path_(path), value_(&document) {}

  [[noreturn]] void fail(const std::string &expected) const {
    throw broken_file(path_ + ": " + (where_.empty() ? "/" : where_) + ": expected " + expected);
  }
  reader operator[](const char *key) const {
    if (!value_->is_object() || !value_->contains(key)) {
      fail(std::string("an object with \"") + key + "\"");
    }
    return {path_, (*value_)[key], where_ + "/" + key};
  }
  std::vector<reader> elements() const {
    if (!value_->is_array()) {
      fail("a list");
    }
    std::vector<reader> all;
    for (std::size_t i = 0; i < value_->size(); ++i) {
      all.push_back({path_, (*value_)[i], where_ + "/" + std::to_string(i)});
    }
    return all;
  }
  std::string text() const {
    if (!value_->is_string()) {
      fail("a string");
    }
    return value_->get<std::string>();
  }
  std::size_t count() const {
    if (!value_->is_number_unsigned()) {
      fail("a whole number from 0 on");
    }
    return value_->get<std::size_t>();
  }
  double number() const { // or null
    if (!value_->is_number() && !value_->is_null()) {
      fail("a number or null");
    }
    return value_->is_null() ? unknown : value_->get<double>();
  }
  bool truth() const {
    if (!value_->is_boolean()) {
      fail("true or false");
    }
    return value_->get<bool>();
  }
  bool is_null() const { return value_->is_null(); }
  template <class T> std::vector<T> from_hex() const {
    const std::string digits = text();
    constexpr std::size_t each = 2 * sizeof(T);
    std::vector<T> values(digits.size() / each);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const char *const at = digits.data() + i * each;
      T value = 0;
      const auto [stop, error] = std::from_chars(at, at + each, value, 16);
      if (error != std::errc() || stop != at + each) {
        fail("hexadecimal digits");
      }
      values[i] = value;
    }
    if (digits.size() % each != 0) {
      fail(std::to_string(each) + " hexadecimal digits a number");
    }
    return values;
  }
  std::vector<float> numbers(std::size_t count) const {
    std::vector<float> values;
    for (const auto bits : from_hex<std::uint32_t>()) {
      values.push_back(std::bit_cast<float>(bits));
    }
    if (count != 0 && values.size() != count) {
      fail(std::to_string(count) + " numbers, as in the first row");
    }
    return values;
  }

private:
  reader(const std::string &path, const json &value, std::string where)
      : path_(path), value_(&value), where_(std::move(where)) {}

  const std::string &path_;
  const json *value_;
  std::string where_;
};

} // namespace

std::string to_json(const run &r) {
  std::string text = "{\n";
  const auto field = [&](const char *name, const json &value) {
    text += json(name).dump() + ": " + value.dump() + ",\n";
  };
  const auto list = [&](const char *name, const auto &items, const auto &write) {
    text += json(name).dump() + ": [";
    for (std::size_t i = 0; i < items.size(); ++i) {
      text += i == 0 ? "\n" : ",\n";
      write(items[i]);
    }
    text += "]";
  };
  field("format", "xact report");
  field("version", version);
  field("data", r.data);
  field("seed", r.seed);
  field("isa", r.isa);
  field("compiler", r.compiler);
  list("samples", r.samples, [&](const sample &s) {
    text += json{{"row", s.place}, {"label", s.label}, {"has_nan", s.has_nan}, {"pixels", hex(s.pixels)}}.dump();
  });
  text += ",\n";
  list("cohorts", r.cohorts, [&](const cohort &c) {
    text += "{";
    field("activation", c.activation);
    field("precision", c.precision);
    field("model", hex(c.model));
    json times = json::array();
    for (const row_score &row : c.rows) {
      times.push_back(number(row.nanoseconds));
    }
    field("nanoseconds", times);
    list("rows", c.rows, [&](const row_score &row) {
      text += json{{"row", r.samples[row.sample].place},
                   {"predicted", row.predicted == no_class ? json() : json(row.predicted)},
                   {"retrieval", number(row.retrieval)},
                   {"saturated", row.saturated},
                   {"probabilities", hex(row.probabilities)},
                   {"hidden", hex(row.hidden)}}
                  .dump();
    });
    text += "}";
  });
  return text + "\n}\n";
}

run read_run(const std::string &path) {
  const std::string text = whole_file(path);
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error &error) {
    const std::string what = error.what();
    const auto why = what.find("syntax error");
    throw broken_file(path + ": byte " + std::to_string(error.byte) + " of " + std::to_string(text.size()) +
                      ": expected JSON: " + (why == std::string::npos ? what : what.substr(why)));
  }
  const reader all(path, document);
  if (all["format"].text() != "xact report") {
    all["format"].fail("\"xact report\"");
  }
  if (all["version"].count() != version) {
    all["version"].fail("version " + std::to_string(version) + ", not " + std::to_string(all["version"].count()));
  }
  run r{all["data"].text(), all["isa"].text(), all["compiler"].text(), all["seed"].count(), {}, {}};
  for (const reader &s : all["samples"].elements()) {
    r.samples.push_back(
        {s["row"].count(), s["label"].count(), s["pixels"].from_hex<std::uint8_t>(), s["has_nan"].truth()});
  }
  std::size_t classes = 0, width = 0;
  for (const reader &from : all["cohorts"].elements()) {
    cohort c{from["activation"].text(), from["precision"].text(), 0, {}};
    const std::string model = from["model"].text();
    const auto [stop, error] = std::from_chars(model.data(), model.data() + model.size(), c.model, 16);
    if (error != std::errc() || stop != model.data() + model.size()) {
      from["model"].fail("hexadecimal digits");
    }
    const auto times = from["nanoseconds"].elements();
    const auto rows = from["rows"].elements();
    if (rows.size() != r.samples.size() || times.size() != rows.size()) {
      from["rows"].fail(std::to_string(r.samples.size()) + " rows and times, as there are samples");
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i]["row"].count() != r.samples[i].place) {
        rows[i]["row"].fail(std::to_string(r.samples[i].place) + ", as in the samples");
      }
      row_score row;
      row.sample = i;
      row.predicted = rows[i]["predicted"].is_null() ? no_class : rows[i]["predicted"].count();
      row.retrieval = rows[i]["retrieval"].number();
      row.saturated = rows[i]["saturated"].number();
      row.probabilities = rows[i]["probabilities"].numbers(classes);
      row.hidden = rows[i]["hidden"].numbers(width);
      row.nanoseconds = times[i].number();
      classes = row.probabilities.size();
      width = row.hidden.size();
      if (classes == 0 || width == 0) {
        rows[i].fail("probabilities and a hidden layer");
      }
      c.rows.push_back(std::move(row));
    }
    r.cohorts.push_back(std::move(c));
  }
  return r;
}

double percentile(std::vector<double> values, double share) {
  std::erase_if(values, [](double x) { return std::isnan(x); });
  if (values.empty()) {
    return unknown;
  }
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

metrics measure(const run &from, const cohort &of) {
  const cohort &reference = from.reference_of(of);
  xact::drift outputs, hidden;
  xact::census numbers;
  std::size_t right = 0;
  double retrieval = 0, saturated = 0, looked_up = 0; // a row of NaN has no nearest rows
  std::vector<double> times;
  for (std::size_t i = 0; i < of.rows.size(); ++i) {
    const row_score &a = reference.rows[i], &b = of.rows[i];
    const std::size_t classes = b.probabilities.size();
    outputs.merge(xact::compare(xact::rows(a.probabilities, classes), xact::rows(b.probabilities, classes),
                                std::min<std::size_t>(3, classes)));
    hidden.merge(xact::compare(a.hidden, b.hidden));
    numbers.merge(xact::inspect(b.probabilities));
    numbers.merge(xact::inspect(b.hidden));
    right += b.predicted == from.samples[b.sample].label ? 1 : 0;
    retrieval += std::isnan(b.retrieval) ? 0 : b.retrieval;
    looked_up += std::isnan(b.retrieval) ? 0 : 1;
    saturated += b.saturated;
    times.push_back(b.nanoseconds);
  }
  const auto n = static_cast<double>(of.rows.size());
  return {
      .rows = of.rows.size(),
      .accuracy = static_cast<double>(right) / n,
      .agreement = outputs.top_1_agreement(),
      .recall = outputs.recall(),
      .cosine = hidden.cosine(),
      .retrieval = retrieval / looked_up,
      .divergence = outputs.kl_divergence(),
      .nan_rate = numbers.nan_rate(),
      .saturated = saturated / n,
      .max_error = hidden.max_error,
      .p50 = percentile(times, 0.50),
      .p99 = percentile(times, 0.99),
  };
}

} // namespace report
