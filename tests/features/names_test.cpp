// Names: what is a feature, what is refused and with which words, and what the hash tells apart.

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

#include "candled/features/catalogue.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/features/formula_version.hpp"

namespace candled::features {
namespace {

using Names = std::vector<std::string>;

std::string refusal(const Names& names) {
  const Result<void> checked = check_features(names);
  return checked ? "taken" : checked.error().message;
}

TEST_CASE("a list of names is taken, or refused with the nearest name that would be") {
  struct Expectation {
    Names names;
    std::string words;  // the refusal holds them; "taken" if there is none
  };
  const std::vector<Expectation> table = {
      {{"rsi_14", "bb_width_20_2", "ofi_5"}, "taken"},
      {{"rsi_21", "macd_ratio_5_35_5", "sar_ratio_001_01", "bb_width_20_2.5", "mfi_14"}, "taken"},
      {{"rsi_10000"}, "taken"},
      {{"rsi14"}, "unknown feature 'rsi14'; did you mean 'rsi_14'?"},
      {{"rsii_21"}, "did you mean 'rsi_21'?"},
      {{"bb_widht_20_2"}, "did you mean 'bb_width_20_2'?"},
      {{"rsi_14", "ofl_5"}, "unknown feature 'ofl_5'; did you mean 'ofi_5'?"},
      {{"rsi_0"}, "feature 'rsi_0': N is 0, outside 1 to 10000; did you mean 'rsi_14'?"},
      {{"rsi_-3"}, "unknown feature 'rsi_-3'"},
      {{"rsi_10001"}, "outside 1 to 10000"},
      {{"rsi_99999999999999999999"}, "unknown feature"},
      {{"rsi_14.5"}, "unknown feature"},
      {{"rsi_014"}, "feature 'rsi_014' is written 'rsi_14'"},
      {{"rsi"}, "unknown feature 'rsi'; did you mean 'rsi_14'?"},
      {{""}, "unknown feature ''"},
      {{"rsi_14_3"}, "unknown feature"},
      {{"macd_ratio_26_12_9"}, "FAST is not less than SLOW; did you mean 'macd_ratio_12_26_9'?"},
      {{"ultosc_14_7_28"}, "do not rise"},
      {{"bb_width_20_0"}, "K is 0, outside 0 to 100"},
      {{"sar_ratio_02_002"}, "STEP is more than LIMIT"},
      {{"realized_vol_1"}, "N is less than 2"},
      {{"sma_20"},
       "feature 'sma_20' carries a price or a volume with it, which a model must not see; did you mean "
       "'sma_ratio_20'?"},
      {{"obv"}, "did you mean 'obv_slope_20'?"},
      {{"rsi_14", "cci_20", "rsi_14"}, "feature 'rsi_14' is named twice"},
      {Names(1001, "rsi_14"), "feature 'rsi_14' is named twice"},
      {{std::string(100'000, 'x')}, "more than 128 letters"},
  };
  for (const auto& [names, words] : table) {
    INFO(names.front().substr(0, 40));
    CHECK_THAT(refusal(names), Catch::Contains(words));
  }
}

TEST_CASE("too many features are refused") {
  Names names;
  for (int i = 1; i <= 1000; ++i) names.push_back("rsi_" + std::to_string(i));
  CHECK(refusal(names) == "taken");
  names.push_back("cci_20");
  CHECK(refusal(names) == "more than 1000 features");
}

TEST_CASE("the default list and every example of the catalogue can be made, and raw indicators go to charts only") {
  CHECK(refusal(default_features()) == "taken");
  CHECK(default_features().size() >= 80);
  std::set<std::string> patterns;
  for (const FamilyInfo& info : catalogue()) {
    INFO(info.pattern);
    CHECK(patterns.insert(info.pattern).second);
    CHECK((refusal({info.example}) == "taken") == info.for_the_model);
    const FeatureSet set(Duration::minutes(1), Names{info.example});
    CHECK(set.list()[0].warm_up_candles == info.warm_up_candles);
    CHECK(set.list()[0].name == info.example);
    CHECK_FALSE(info.unit.empty());
    CHECK_FALSE(info.formula.empty());
    CHECK_FALSE(info.source.empty());
  }
  for (const std::string& name : raw_indicators()) {
    INFO(name);
    CHECK(FeatureSet(Duration::minutes(1), Names{name}).size() == 1);
  }
}

TEST_CASE("the hash is over names, parameters, order and interval") {
  const auto hash = [](const Names& names, Duration interval = Duration::minutes(1)) {
    return FeatureSet(interval, names).hash();
  };
  const std::string usual = hash({"rsi_14", "ofi_5"});
  CHECK(usual == hash({"rsi_14", "ofi_5"}));
  CHECK(usual != hash({"ofi_5", "rsi_14"}));
  CHECK(usual != hash({"rsi_15", "ofi_5"}));
  CHECK(usual != hash({"rsi_14"}));
  CHECK(usual != hash({"rsi_14", "ofi_5"}, Duration::minutes(5)));
  CHECK(hash({}) == hash(default_features()));
}

TEST_CASE("the version of a formula is part of the hash, and the first versions leave it as it was") {
  using List = std::vector<VersionedFeature>;
  constexpr Duration minute = Duration::minutes(1);
  const List first{{"rsi_14", 1}, {"ofi_5", 1}}, second{{"rsi_14", 2}, {"ofi_5", 1}};
  CHECK(list_hash(minute, first) == "f1a3ee31372617cf");  // of files that are there
  CHECK(FeatureSet(minute).hash() == "663a27d2d7108c4a");
  CHECK(list_hash(minute, first) == FeatureSet(minute, Names{"rsi_14", "ofi_5"}).hash());
  CHECK(list_hash(minute, second) != list_hash(minute, first));
  CHECK(to_text(first[0]) == "rsi_14");
  CHECK(to_text(second[0]) == "rsi_14@2");
  for (const VersionedFeature& feature : second) CHECK(parse_versioned_feature(to_text(feature)) == feature);
  CHECK(parse_versioned_feature("rsi_14@") == VersionedFeature{"rsi_14@", 1});
  CHECK(parse_versioned_feature("rsi_14@2x") == VersionedFeature{"rsi_14@2x", 1});
  for (const std::string& name : default_features()) CHECK(formula_version(name) >= 1);
  // 2: without TA-Lib's old least flow. Lists that hold it have another hash than before, others do not.
  CHECK(formula_version("mfi_14") == 2);
  CHECK(FeatureSet(minute, Names{"mfi_14"}).hash() != list_hash(minute, List{{"mfi_14", 1}}));
  CHECK(FeatureSet(minute, Names{"mfi_14"}).hash() == list_hash(minute, List{{"mfi_14", 2}}));
  CHECK(formula_version("mfi_free_14") == 1);
}

}  // namespace
}  // namespace candled::features
