// Champion request: checks which model a person wants, and asks the daemon that holds the database for it.
#pragma once

#include <optional>
#include <string>

#include "candled/config/config.hpp"
#include "candled/domain/result.hpp"
#include "candled/engine/promotion_request.hpp"
#include "candled/model/registry.hpp"
#include "candled/store/model_reader.hpp"

namespace candled::cli {

// A model of the registry that fits this config's features. Refuses one that does not load or is leaking.
Result<model::LoadedModel> usable_model(const config::Config& config, const std::string& name);

// The champion before the present one that is still in the registry.
Result<std::string> previous_champion(const config::Config& config, const store::ModelReader& reader);

// Makes the model champion, challenger or champion again: at once where no daemon holds the database, else by asking that daemon and
// waiting until it has done so. Errors: the reason of a refusal, or a daemon that does not answer.
Result<void> register_model(const config::Config& config, const model::LoadedModel& model, engine::RequestKind kind,
                            const std::string& why);

// name: the model to promote; none: the previous champion. Returns its name; the daemon takes the request at its next look.
Result<std::string> ask_for_champion(const config::Config& config, const std::optional<std::string>& name);

}  // namespace candled::cli
