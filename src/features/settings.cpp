#include "candled/features/settings.hpp"

#include <optional>
#include <span>

#include "candled/domain/section.hpp"
#include "candled/features/catalogue.hpp"

namespace candled::features {
namespace {

std::optional<std::string> check_newest(std::span<const std::string> names) {
  const Result<void> checked = check_last_feature(names);
  return checked ? std::nullopt : std::optional(checked.error().message);
}

}  // namespace

void describe(Section& section, FeatureSettings& settings) {
  section.texts(
      {.name = "list",
       .help = "What the model sees of each candle, in this order: names such as \"rsi_14\", \"bb_width_20_2\", "
               "\"ofi_5\". Any numbers in range are allowed in a name; `candled features list` explains every "
               "feature. Another list has another hash: stored rows are rebuilt in the background, and a model of "
               "the old list is no longer used. Empty: the default list of 82, which docs/features.md shows."},
      settings.list, check_newest);
}

}  // namespace candled::features
