#include "config/config_json.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/domain/json_text.hpp"
#include "candled/domain/json_writer.hpp"

namespace candled::config {
namespace {

// One object, in the order of the file: first its values, then its tables.
struct Object {
  struct Table;
  std::vector<std::pair<std::string, std::string>> members;  // name, JSON
  std::vector<Table> tables;

  Object& table(std::string_view name);
  void write(JsonWriter& json) const;
};

struct Object::Table {
  std::string name;
  Object object;
};

Object& Object::table(std::string_view name) {
  const auto known = std::ranges::find(tables, name, &Table::name);
  if (known != tables.end()) return known->object;
  return tables.emplace_back(Table{std::string(name), {}}).object;
}

void Object::write(JsonWriter& json) const {
  json.begin_object();
  for (const auto& [name, text] : members) json.key(name).json(text);
  for (const Table& one : tables) one.object.write(json.key(one.name));
  json.end_object();
}

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
  JsonWriter json(out);
  json.begin_array();
  for (const Object& object : objects) object.write(json);
  json.end_array();
  return out;
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
  std::string out;
  JsonWriter json(out);
  root.write(json);
  return out;
}

}  // namespace candled::config
