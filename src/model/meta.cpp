#include "model/meta.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/json_reader.hpp"

namespace candled::model {
namespace {

using simdjson::dom::element;

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

void read_first_version(MemberReader& read, Meta& meta) {
  const std::int64_t bytes = read.integer("model_bytes");
  read.expect(bytes > 0, "model_bytes", "a positive number");
  meta.parts.push_back({1, static_cast<std::uint64_t>(bytes), meta.summary.record.sha256});
}

void read_parts(MemberReader& read, Meta& meta) {
  std::vector<std::string> digests;
  for (const element item : read.objects("parts")) {
    MemberReader part(item);
    PartFile file;
    file.weight = part.number("weight");
    const std::int64_t bytes = part.integer("bytes");
    file.sha256 = part.text("sha256");
    file.bytes = static_cast<std::uint64_t>(bytes);
    part.expect(file.weight > 0 && file.weight < 1e9, "weight", "a positive number");
    part.expect(bytes > 0, "bytes", "a positive number");
    part.expect(is_sha256_hex(file.sha256), "sha256", "a digest");
    read.expect(part.wrong().empty(), "parts", fmt::format("well formed ({})", part.wrong()));
    digests.push_back(file.sha256);
    meta.parts.push_back(std::move(file));
  }
  read.expect(!meta.parts.empty() && meta.parts.size() <= parts_max, "parts", "a list of 1 to 16 models");
  if (!read.wrong().empty()) return;
  read.expect(digest_of_parts(digests) == meta.summary.record.sha256, "sha256", "the digest of the parts");
}

bool ascends(const std::vector<double>& values, bool strictly) {
  return std::ranges::adjacent_find(values, [&](double a, double b) { return strictly ? a >= b : a > b; }) ==
         values.end();
}

Calibration read_calibration(MemberReader& read) {
  MemberReader inner(read.object("calibration"));
  const Result<CalibrationKind> kind = calibration_named(inner.text("kind"));
  inner.expect(kind.has_value(), "kind", "none, platt or isotonic");
  Calibration calibration;
  if (kind && *kind == CalibrationKind::platt) {
    const PlattMap map{inner.number("slope"), inner.number("offset")};
    inner.expect(map.slope > 0 && map.slope <= 1e3, "slope", "a positive number");
    inner.expect(map.offset >= -1e3 && map.offset <= 1e3, "offset", "a small number");
    calibration = map;
  } else if (kind && *kind == CalibrationKind::isotonic) {
    IsotonicMap map{inner.numbers("from"), inner.numbers("to")};
    inner.expect(!map.from.empty() && map.from.size() == map.to.size() && map.from.size() <= IsotonicMap::knots_max,
                 "from", "as long as 'to'");
    inner.expect(ascends(map.from, true), "from", "ascending");
    inner.expect(ascends(map.to, false) && (map.to.empty() || (map.to.front() >= 0 && map.to.back() <= 1)), "to",
                 "ascending from 0 to 1");
    calibration = std::move(map);
  }
  read.expect(inner.wrong().empty(), "calibration", fmt::format("well formed ({})", inner.wrong()));
  return calibration;
}

void read_second_version(MemberReader& read, Meta& meta) {
  read_parts(read, meta);
  meta.calibration = read_calibration(read);
  MemberReader signals(read.object("signals"));
  meta.thresholds = {signals.number("buy_above"), signals.number("sell_below")};
  read.expect(signals.wrong().empty() && meta.thresholds.sell_below >= 0 &&
                  meta.thresholds.sell_below <= meta.thresholds.buy_above && meta.thresholds.buy_above <= 1,
              "signals", "two ascending probabilities");
  ModelSummary& summary = meta.summary;
  summary.is_leaking = read.truth("leaking");
  summary.parent = read.text("parent");
  summary.took = Duration::milliseconds(read.integer("training_ms"));
  MemberReader metrics(read.object("metrics"));
  summary.has_edge = metrics.truth("has_edge");
  read.expect(metrics.wrong().empty(), "metrics", fmt::format("well formed ({})", metrics.wrong()));
}

void read_record(MemberReader& read, const simdjson::padded_string& text, ModelRecord& record) {
  record.name = read.text("name");
  record.kind = read.text("kind");
  record.created = read.time("created");
  record.trained_from = read.time("trained_from");
  record.trained_to = read.time("trained_to");
  record.feature_hash = read.text("feature_hash");
  record.sha256 = read.text("sha256");
  record.metrics_json = raw_object(text, "metrics");
  read.expect(!record.metrics_json.empty(), "metrics", "an object");
  record.accuracy = read.share("metrics", "accuracy");
  record.precision = read.share("metrics", "precision");
  record.recall = read.share("metrics", "recall");
  record.f1 = read.share("metrics", "f1");
  read.expect(algorithm_named(record.kind).has_value(), "kind", "gbdt, forest or ensemble");
  read.expect(is_sha256_hex(record.sha256), "sha256", "a digest");
}

}  // namespace

Result<Meta> parse_meta(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return refuse("not a JSON object");
  }
  MemberReader read(root);
  const std::int64_t version = read.integer("schema_version");
  if (read.wrong().empty() && (version < 1 || version > meta_schema_version)) {
    return refuse(fmt::format("schema_version {} is not known here (up to {} is)", version, meta_schema_version));
  }
  Meta meta;
  read_record(read, padded, meta.summary.record);
  meta.feature_names = read.texts("features");
  ModelSummary& summary = meta.summary;
  summary.horizon = read.duration("horizon");
  summary.interval = read.duration("interval");
  summary.training_rows = static_cast<std::size_t>(std::max<std::int64_t>(0, read.integer("training_rows")));
  summary.log_loss = read.number_or_null("metrics", "log_loss");
  if (read.wrong().empty()) version == 1 ? read_first_version(read, meta) : read_second_version(read, meta);
  if (!read.wrong().empty()) return refuse(read.wrong());
  return meta;
}

}  // namespace candled::model
