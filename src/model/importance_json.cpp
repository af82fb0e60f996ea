#include "candled/model/registry.hpp"
#include "model/json_reader.hpp"

namespace candled::model {

Result<std::vector<FeatureImportance>> read_importance(const std::string& directory, const std::string& name) {
  const Result<std::string> card = read_model_card(directory, name);
  if (!card) return std::unexpected(card.error());
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(*card).get(root) != simdjson::SUCCESS) return refuse("the card of model " + name + " is no JSON");
  MemberReader reader(root);
  std::vector<FeatureImportance> all;
  for (const MemberReader::Element element : reader.objects("importance")) {
    MemberReader feature(element);
    FeatureImportance read;
    read.feature = feature.text("feature");
    read.mean_contribution = feature.number("mean_contribution");
    read.gain = feature.number("gain");
    read.cover = feature.number("cover");
    if (!feature.wrong().empty()) return refuse("the card of model " + name + ": importance: " + feature.wrong());
    all.push_back(std::move(read));
  }
  return all;
}

}  // namespace candled::model
