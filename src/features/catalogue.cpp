#include "candled/features/catalogue.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "features/family.hpp"
#include "features/feature_name.hpp"

namespace candled::features {
namespace {

constexpr std::size_t features_max = 1000;

// A pattern with the parameters of another: "sma_20" and "sma_ratio_N" make "sma_ratio_20".
std::string form_for_the_model(const NamedFeature& raw) {
  for (const Family& family : all_families()) {
    if (family.pattern != raw.family->for_the_model) continue;
    const bool fits = parameter_words(family) == parameter_words(*raw.family);
    return feature_name(family, fits ? raw.parameters : family.usual);
  }
  invariant_failed("a raw indicator names a form for the model that is not in the catalogue");
}

Result<void> check_feature(const std::string& name) {
  const Result<NamedFeature> found = find_feature(name);
  if (!found) return refuse(fmt::format("{}; did you mean '{}'?", found.error().message, nearest_for_the_model(name)));
  if (!found->family->for_the_model.empty()) {
    return refuse(
        fmt::format("feature '{}' carries a price or a volume with it, which a model must not see; did you mean '{}'?",
                    name, form_for_the_model(*found)));
  }
  return {};
}

}  // namespace

const char* to_text(Need need) {
  switch (need) {
    case Need::candles: return "candles";
    case Need::trade_counts: return "trade counts";
    case Need::sides: return "sides";
    case Need::tape: return "tape";
    case Need::tape_sides: return "tape, sides";
    case Need::book: return "book";
  }
  invariant_failed("unknown need of a feature");
}

std::vector<FamilyInfo> catalogue() {
  std::vector<FamilyInfo> infos;
  for (const Family& family : all_families()) {
    FamilyInfo info{family.pattern,
                    feature_name(family, family.usual),
                    {},
                    family.unit,
                    family.formula,
                    family.source,
                    family.needs,
                    family.warm_up_candles(family.usual),
                    family.for_the_model.empty()};
    const std::vector<std::string_view> words = parameter_words(family);
    for (std::size_t i = 0; i < words.size(); ++i) {
      info.parameters.push_back(
          fmt::format("{}: {}, usually {}", words[i], parameter_range(words[i]), family.usual[i].value));
    }
    infos.push_back(std::move(info));
  }
  return infos;
}

Result<void> check_last_feature(std::span<const std::string> names) {
  if (names.empty()) return {};
  if (names.size() > features_max) return refuse(fmt::format("more than {} features", features_max));
  const std::span<const std::string> before = names.first(names.size() - 1);
  if (std::ranges::find(before, names.back()) != before.end())
    return refuse(fmt::format("feature '{}' is named twice", names.back()));
  return check_feature(names.back());
}

Result<void> check_features(std::span<const std::string> names) {
  for (std::size_t count = 1; count <= names.size(); ++count) {
    if (Result<void> checked = check_last_feature(names.first(count)); !checked) return checked;
  }
  return {};
}

}  // namespace candled::features
