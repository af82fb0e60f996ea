#include "simulator/dialects/kraken/requests.hpp"

#include <algorithm>
#include <array>

#include <simdjson.h>

namespace candled::simulator::kraken {
namespace {

using simdjson::dom::element;

constexpr std::array<std::int64_t, 5> book_depths{10, 25, 100, 500, 1000};
constexpr std::int64_t usual_book_depth = 10;

struct Parameters {
  std::string_view channel;
  std::vector<std::string_view> symbols;
  std::optional<bool> snapshot;
  std::optional<std::int64_t> depth;
};

// False when a field is there and has the wrong type.
template <class T>
bool read_optional(const element& params, const char* name, std::optional<T>& out) {
  element field;
  if (params[name].get(field) != simdjson::SUCCESS) return true;
  T value{};
  if (field.get(value) != simdjson::SUCCESS) return false;
  out = value;
  return true;
}

std::optional<Parameters> read_parameters(const element& params) {
  Parameters out;
  if (params["channel"].get(out.channel) != simdjson::SUCCESS) return std::nullopt;
  if (element symbols; params["symbol"].get(symbols) == simdjson::SUCCESS) {
    simdjson::dom::array list;
    if (symbols.get(list) != simdjson::SUCCESS) return std::nullopt;
    for (const element item : list) {
      std::string_view symbol;
      if (item.get(symbol) != simdjson::SUCCESS) return std::nullopt;
      out.symbols.push_back(symbol);
    }
  }
  if (!read_optional(params, "snapshot", out.snapshot) || !read_optional(params, "depth", out.depth))
    return std::nullopt;
  return out;
}

std::optional<Refusal> refusal_of(const Parameters& params, Method method) {
  const bool is_book = params.channel == "book";
  const std::int64_t depth = params.depth.value_or(usual_book_depth);
  const bool subscribes = method == Method::subscribe;
  if (is_book && subscribes && std::ranges::find(book_depths, depth) == book_depths.end())
    return Refusal::unsupported_book;
  if (!is_book && params.channel != "trade") return Refusal::unknown_channel;
  if (subscribes && params.symbols.empty()) return Refusal::malformed;
  return std::nullopt;
}

std::vector<Topic> topics_of(const Parameters& params) {
  const bool is_book = params.channel == "book";
  Topic topic;
  topic.channel = is_book ? Channel::book : Channel::trades;
  topic.depth = is_book ? static_cast<std::size_t>(params.depth.value_or(usual_book_depth)) : 0;
  topic.snapshot = params.snapshot.value_or(is_book);
  std::vector<Topic> topics;
  for (const std::string_view symbol : params.symbols) {
    topic.market = symbol;
    topics.push_back(topic);
  }
  return topics;
}

}  // namespace

struct RequestReader::Parser {
  simdjson::dom::parser parser;
};

RequestReader::RequestReader() : parser_(std::make_unique<Parser>()) {}
RequestReader::~RequestReader() = default;

Request RequestReader::read(std::string_view message) {
  Request request{.refusal = Refusal::malformed};
  element root;
  if (parser_->parser.parse(message.data(), message.size()).get(root) != simdjson::SUCCESS || !root.is_object())
    return request;
  std::optional<std::int64_t> id;
  if (!read_optional(root, "req_id", id)) return request;
  if (id) request.id = std::to_string(*id);
  std::string_view method;
  if (root["method"].get(method) != simdjson::SUCCESS) return request;
  if (method == "ping") return {.method = Method::other, .id = request.id};
  if (method != "subscribe" && method != "unsubscribe") return request;
  element params;
  if (root["params"].get(params) != simdjson::SUCCESS) return request;
  const std::optional<Parameters> read = read_parameters(params);
  if (!read) return request;
  request.method = method == "subscribe" ? Method::subscribe : Method::unsubscribe;
  request.refusal = refusal_of(*read, request.method);
  request.topics = topics_of(*read);
  return request;
}

}  // namespace candled::simulator::kraken
