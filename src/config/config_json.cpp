#include "config/config_json.hpp"

#include <fmt/format.h>

#include <string_view>

#include "candled/domain/json_text.hpp"

namespace candled::config {
namespace {

// Members of one object, in the order of the file: "a":1 or, for a table, "b":{...}.
struct Object {
  std::vector<std::pair<std::string, std::string>> members;
  std::vector<std::pair<std::string, Object>> tables;

  Object& table(std::string_view name) {
    for (auto& [known, object] : tables) {
      if (known == name) return object;
    }
    return tables.emplace_back(std::string(name), Object{}).second;
  }
  std::string text() const {
    std::string out;
    for (const auto& [name, json] : members)
      out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json_text(name), json);
    for (const auto& [name, object] : tables)
      out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json_text(name), object.text());
    return "{" + out + "}";
  }
};

void put(Object& root, std::string_view path, std::string json) {
  Object* object = &root;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    object = &object->table(path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  object->members.emplace_back(std::string(path), std::move(json));
}

std::string shown(const ValueInEffect& value) {
  return value.secret && value.json != json_text("") ? json_text("***") : value.json;
}

// What was read of one element of a list; nothing if it does not stand in the file.
Object element(const ConfigOrigin& origin, const std::string& path) {
  Object object;
  for (const ValueInEffect& value : origin.values()) {
    if (value.path.starts_with(path + "."))
      put(object, std::string_view(value.path).substr(path.size() + 1), shown(value));
  }
  return object;
}

std::string list_text(const std::vector<Object>& objects) {
  std::string out;
  for (const Object& object : objects) out += (out.empty() ? "" : ",") + object.text();
  return "[" + out + "]";
}

}  // namespace

std::string config_json(const ConfigOrigin& origin, const Config& config, const std::vector<std::string>& market_paths,
                        const std::vector<std::string>& strategy_paths) {
  Object root;
  std::vector<Object> markets, strategies;
  for (std::size_t i = 0; i < config.markets.size(); ++i) {
    Object& market = markets.emplace_back(element(origin, market_paths[i]));
    if (!market.members.empty()) continue;
    put(market, "exchange", json_text(config.markets[i].exchange));
    put(market, "symbol", json_text(config.markets[i].symbol));
  }
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    Object& strategy = strategies.emplace_back(element(origin, strategy_paths[i]));
    if (!strategy.members.empty()) continue;
    put(strategy, "name", json_text(config.strategies[i].name));
    put(strategy, "kind", json_text(config.strategies[i].kind));
  }
  for (const ValueInEffect& value : origin.values()) {
    if (value.path.find('[') == std::string::npos) put(root, value.path, shown(value));  // the others are of a list
  }
  put(root, "market", list_text(markets));
  put(root, "strategy", list_text(strategies));
  return root.text();
}

}  // namespace candled::config
