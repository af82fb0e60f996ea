#include "model/meta.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "model/json_text.hpp"

namespace candled::model {
namespace {

using simdjson::dom::element;

std::string json_of_names(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(json_string(name));
  return json_array(quoted);
}

// Reads members one after the other and keeps the first thing that was wrong, so that the caller asks once at the end.
class MemberReader {
 public:
  explicit MemberReader(element root) : root_(root) {}

  std::string text(const char* key) {
    std::string_view value;
    expect(root_[key].get_string().get(value) == simdjson::SUCCESS, key, "a text");
    return std::string(value);
  }
  std::int64_t integer(const char* key) {
    std::int64_t value = 0;
    expect(root_[key].get_int64().get(value) == simdjson::SUCCESS, key, "a whole number");
    return value;
  }
  Timestamp time(const char* key) {
    const Result<Timestamp> time = parse_rfc3339(text(key));
    expect(time.has_value(), key, "a time");
    return time.value_or(Timestamp{});
  }
  Duration duration(const char* key) {
    const Result<Duration> duration = parse_duration(text(key));
    expect(duration.has_value(), key, "a duration");
    return duration.value_or(Duration{});
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> values;
    simdjson::dom::array array;
    bool good = root_[key].get_array().get(array) == simdjson::SUCCESS;
    if (good) {
      for (const element item : array) {
        std::string_view value;
        good = good && item.get_string().get(value) == simdjson::SUCCESS;
        if (good) values.emplace_back(value);
      }
    }
    expect(good, key, "a list of texts");
    return values;
  }
  // null is NaN: not defined.
  double share(const char* object_key, const char* key) {
    element value;
    double number = 0;
    if (root_[object_key][key].get(value) != simdjson::SUCCESS) {
      expect(false, key, "a number");
    } else if (value.is_null()) {
      number = std::numeric_limits<double>::quiet_NaN();
    } else {
      expect(value.get_double().get(number) == simdjson::SUCCESS && number >= 0 && number <= 1, key, "between 0 and 1");
    }
    return number;
  }
  void expect(bool good, const char* key, const char* wanted) {
    if (!good && wrong_.empty()) wrong_ = fmt::format("'{}' is not {}", key, wanted);
  }
  const std::string& wrong() const { return wrong_; }

 private:
  element root_;
  std::string wrong_;
};

// The text of one member exactly as it stands, so that what was written and what is read are the same bytes.
std::string raw_object(const simdjson::padded_string& text, std::string_view key) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  std::string_view raw;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
      document[key].get_object().get(object) != simdjson::SUCCESS || object.raw_json().get(raw) != simdjson::SUCCESS) {
    return {};
  }
  return std::string(raw);
}

bool is_sha256_hex(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string meta_text(const TrainedModel& model, const ModelRecord& record, std::string_view model_file) {
  JsonObject parameters;
  for (const auto& [name, value] : model.parameters) parameters.text(name, value);
  return JsonObject()
      .integer("schema_version", meta_schema_version)
      .text("name", record.name)
      .text("kind", record.kind)
      .text("created", to_iso8601(record.created))
      .text("trained_from", to_iso8601(record.trained_from))
      .text("trained_to", to_iso8601(record.trained_to))
      .integer("training_rows", static_cast<std::int64_t>(model.training_rows))
      .integer("purged_rows", static_cast<std::int64_t>(model.purged_rows))
      .text("interval", to_text(model.interval))
      .text("horizon", to_text(model.horizon))
      .text("feature_hash", record.feature_hash)
      .raw("features", json_of_names(model.feature_names))
      .raw("unknown_features", json_of_names(model.unknown_features))
      .raw("parameters", parameters.one_line())
      .integer("seed", static_cast<std::int64_t>(model.seed))
      .text("library", model.library)
      .raw("metrics", record.metrics_json)
      .text("model_file", model_file)
      .integer("model_bytes", static_cast<std::int64_t>(model.bytes.size()))
      .text("sha256", record.sha256)
      .one_key_per_line();
}

Result<Meta> parse_meta(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return refuse("not a JSON object");
  }
  MemberReader read(root);
  const std::int64_t schema_version = read.integer("schema_version");
  if (read.wrong().empty() && schema_version != meta_schema_version) {
    return refuse(fmt::format("schema_version {} is not known here ({} is)", schema_version, meta_schema_version));
  }
  Meta meta;
  ModelRecord& record = meta.record;
  record.name = read.text("name");
  record.kind = read.text("kind");
  record.created = read.time("created");
  record.trained_from = read.time("trained_from");
  record.trained_to = read.time("trained_to");
  record.feature_hash = read.text("feature_hash");
  record.sha256 = read.text("sha256");
  record.metrics_json = raw_object(padded, "metrics");
  read.expect(!record.metrics_json.empty(), "metrics", "an object");
  record.accuracy = read.share("metrics", "accuracy");
  record.precision = read.share("metrics", "precision");
  record.recall = read.share("metrics", "recall");
  record.f1 = read.share("metrics", "f1");
  meta.horizon = read.duration("horizon");
  meta.feature_names = read.texts("features");
  meta.model_file = read.text("model_file");
  const std::int64_t model_bytes = read.integer("model_bytes");
  read.expect(model_bytes > 0, "model_bytes", "a positive number");
  read.expect(algorithm_named(record.kind).has_value(), "kind", "gbdt or forest");
  read.expect(is_sha256_hex(record.sha256), "sha256", "a digest");
  if (!read.wrong().empty()) return refuse(read.wrong());
  meta.model_bytes = static_cast<std::uint64_t>(model_bytes);
  return meta;
}

}  // namespace candled::model
