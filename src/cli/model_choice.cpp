#include "cli/model_choice.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "candled/model/registry.hpp"
#include "candled/store/model_reader.hpp"

namespace candled::cli {

std::string Aliases::of(const std::string& model) const {
  if (champion == model) return "champion";
  return challenger == model ? "challenger" : "";
}

Aliases read_aliases(const config::Config& config) {
  if (!std::filesystem::exists(config.storage.path)) return {};
  const store::ModelReader reader(config.storage.path);
  return {reader.champion(), reader.challenger()};
}

Result<std::string> chosen_model(const config::Config& config, const std::string& text) {
  if (text == "champion" || text == "challenger") {
    const Aliases aliases = read_aliases(config);
    const std::optional<std::string>& model = text == "champion" ? aliases.champion : aliases.challenger;
    if (!model) return refuse(fmt::format("there is no {} in {}", text, config.storage.path.string()));
    return *model;
  }
  if (!model::is_model_name(text))
    return refuse(fmt::format("'{}' is not the name of a model: candled models list shows them", text.substr(0, 64)));
  return text;
}

}  // namespace candled::cli
