// Card text: a model card for people.
#pragma once

#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::model {

// meta_json: a meta.json, as read_model_card gives it. Several lines, each with a newline. Refuses anything but an object; a member that
// is missing or of another type is left out.
Result<std::string> card_text(std::string_view meta_json);

}  // namespace candled::model
