#include <fmt/format.h>

#include <algorithm>

#include "candled/model/drift.hpp"
#include "model/json_reader.hpp"
#include "model/json_text.hpp"

namespace candled::model {
namespace {

constexpr std::size_t edges_max = 9;

std::string json_of(std::span<const double> values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(json_number(value));
  return json_array(texts);
}

std::string json_of(const DriftBins& bins) {
  return JsonObject().raw("edges", json_of(bins.edges)).raw("shares", json_of(bins.shares)).one_line();
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
  std::vector<std::string> features;
  for (const DriftBins& bins : reference.features) features.push_back(json_of(bins));
  return JsonObject()
      .raw("predictions", json_of(reference.predictions))
      .raw("features", json_array(features))
      .one_line();
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
