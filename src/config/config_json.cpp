#include "config/config_json.hpp"

#include <fmt/format.h>

#include <string_view>

#include "candled/domain/json_text.hpp"

namespace candled::config {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

// Members of one object, in the order of the file: "a":1 or, for a table, "b":{...}.
struct Object {
  Values members;
  std::vector<std::pair<std::string, Object>> tables;

  Object& table(std::string_view name) {
    for (auto& [known, object] : tables) {
      if (known == name) return object;
    }
    return tables.emplace_back(std::string(name), Object{}).second;
  }
  std::string text() const {
    std::string out;
    for (const auto& [name, json] : members) out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json_text(name), json);
    for (const auto& [name, object] : tables) out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json_text(name), object.text());
    return "{" + out + "}";
  }
};

bool is_secret(std::string_view key) {
  for (const std::string_view word : {"token", "secret", "password"}) {
    if (key.find(word) != std::string_view::npos) return true;
  }
  return false;
}

void put(Object& root, std::string_view path, const std::string& json) {
  Object* object = &root;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    object = &object->table(path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  const bool hidden = is_secret(path) && json != "\"\"";
  object->members.emplace_back(std::string(path), hidden ? "\"***\"" : json);
}

// What was read of one element of a list; nothing if it does not stand in the file.
Object element(const Values& values, const std::string& path) {
  Object object;
  for (const auto& [key, json] : values) {
    if (key.starts_with(path + ".")) put(object, std::string_view(key).substr(path.size() + 1), json);
  }
  return object;
}

std::string list_text(const std::vector<Object>& objects) {
  std::string out;
  for (const Object& object : objects) out += (out.empty() ? "" : ",") + object.text();
  return "[" + out + "]";
}

}  // namespace

std::string config_json(const Values& values, const Config& config, const std::vector<std::string>& market_paths,
                        const std::vector<std::string>& strategy_paths) {
  Object root;
  std::vector<Object> markets, strategies;
  for (std::size_t i = 0; i < config.markets.size(); ++i) {
    Object& market = markets.emplace_back(element(values, market_paths[i]));
    if (!market.members.empty()) continue;
    put(market, "exchange", json_text(config.markets[i].exchange));
    put(market, "symbol", json_text(config.markets[i].symbol));
  }
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    Object& strategy = strategies.emplace_back(element(values, strategy_paths[i]));
    if (!strategy.members.empty()) continue;
    put(strategy, "name", json_text(config.strategies[i].name));
    put(strategy, "kind", json_text(config.strategies[i].kind));
  }
  for (const auto& [path, json] : values) {
    if (path.find('[') != std::string::npos) continue;  // of a list
    put(root, path, path == "storage.path" ? json_text(config.storage.path.string()) : json);
  }
  put(root, "market", list_text(markets));
  put(root, "strategy", list_text(strategies));
  return root.text();
}

}  // namespace candled::config
