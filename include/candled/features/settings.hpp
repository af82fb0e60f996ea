// FeatureSettings: [features] of the configuration.
#pragma once

#include <string>
#include <vector>

namespace candled {
class Section;
}

namespace candled::features {

struct FeatureSettings {
  std::vector<std::string> list;  // names of the model's features, in order; empty: the default list
};

void describe(Section& section, FeatureSettings& settings);

}  // namespace candled::features
