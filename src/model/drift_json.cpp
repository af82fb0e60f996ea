#include <fmt/format.h>

#include <algorithm>

#include "candled/domain/json_writer.hpp"
#include "candled/model/drift.hpp"
#include "model/json_reader.hpp"

namespace candled::model {
namespace {

constexpr std::size_t edges_max = 9;

void write_bins(JsonWriter& json, const DriftBins& bins) {
  json.begin_object().key("edges").values(bins.edges).key("shares").values(bins.shares).end_object();
}

DriftBins read_bins(MemberReader::Element element, std::string& wrong) {
  MemberReader read(element);
  DriftBins bins{read.numbers("edges"), read.numbers("shares")};
  read.expect(bins.edges.size() <= edges_max && std::ranges::is_sorted(bins.edges), "edges", "at most 9, ascending");
  read.expect(bins.shares.size() == bins.edges.size() + 2, "shares", "two more than the edges");
  read.expect(std::ranges::all_of(bins.shares, [](double share) { return share >= 0 && share <= 1.0001; }), "shares",
              "between 0 and 1");
  if (wrong.empty()) wrong = read.wrong();
  return bins;
}

}  // namespace

std::string to_json(const DriftReference& reference) {
  std::string out;
  JsonWriter json(out);
  write_bins(json.begin_object().key("predictions"), reference.predictions);
  json.key("features").begin_array();
  for (const DriftBins& bins : reference.features) write_bins(json, bins);
  json.end_array().end_object();
  return out;
}

Result<DriftReference> parse_drift_reference(std::string_view text, std::size_t feature_count) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string(text)).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return refuse("not a JSON object");
  }
  MemberReader read(root);
  DriftReference reference;
  std::string wrong;
  reference.predictions = read_bins(read.object("predictions"), wrong);
  for (const simdjson::dom::element item : read.objects("features"))
    reference.features.push_back(read_bins(item, wrong));
  if (!read.wrong().empty()) return refuse(read.wrong());
  if (!wrong.empty()) return refuse(wrong);
  if (reference.features.size() != feature_count) {
    return refuse(fmt::format("holds {} features, the model has {}", reference.features.size(), feature_count));
  }
  return reference;
}

}  // namespace candled::model
