// From a name to a family and its parameters, and back.
#pragma once

#include <string>
#include <string_view>

#include "candled/domain/result.hpp"
#include "features/family.hpp"

namespace candled::features {

struct NamedFeature {
  const Family* family = nullptr;
  Parameters parameters;
};

// The name that the family gives these parameters.
std::string feature_name(const Family& family, const Parameters& parameters);
// The words in capitals of the family's pattern, in order.
std::vector<std::string_view> parameter_words(const Family& family);
// "1 to 10000"
std::string parameter_range(std::string_view word);

// Any feature of the catalogue, raw indicators among them. The error says what is wrong with the name, not what was meant.
Result<NamedFeature> find_feature(std::string_view name);
// The name for the model's list that is nearest to this text.
std::string nearest_for_the_model(std::string_view name);

}  // namespace candled::features
