#include "simulator/client_request.hpp"

#include <simdjson.h>

namespace candled::simulator {
namespace {

using simdjson::dom::element;

// False when a field is there and has the wrong type.
bool read_params(const element& params, ClientRequest& request) {
  if (std::string_view channel; params["channel"].get(channel) == simdjson::SUCCESS) {
    request.channel = channel;
  } else {
    return false;
  }
  if (element symbols; params["symbol"].get(symbols) == simdjson::SUCCESS) {
    simdjson::dom::array list;
    if (symbols.get(list) != simdjson::SUCCESS) return false;
    for (const element item : list) {
      std::string_view symbol;
      if (item.get(symbol) != simdjson::SUCCESS) return false;
      request.symbols.emplace_back(symbol);
    }
  }
  if (element snapshot; params["snapshot"].get(snapshot) == simdjson::SUCCESS) {
    bool wanted = false;
    if (snapshot.get(wanted) != simdjson::SUCCESS) return false;
    request.snapshot = wanted;
  }
  if (element depth; params["depth"].get(depth) == simdjson::SUCCESS) {
    std::int64_t levels = 0;
    if (depth.get(levels) != simdjson::SUCCESS) return false;
    request.depth = levels;
  }
  return true;
}

}  // namespace

struct ClientRequestReader::Parser {
  simdjson::dom::parser parser;
};

ClientRequestReader::ClientRequestReader() : parser_(std::make_unique<Parser>()) {}
ClientRequestReader::~ClientRequestReader() = default;

ClientRequest ClientRequestReader::read(std::string_view message) {
  ClientRequest request;
  element root;
  if (parser_->parser.parse(message.data(), message.size()).get(root) != simdjson::SUCCESS || !root.is_object())
    return request;
  if (element id; root["req_id"].get(id) == simdjson::SUCCESS) {
    std::int64_t number = 0;
    if (id.get(number) != simdjson::SUCCESS) return request;
    request.request_id = number;
  }
  std::string_view method;
  if (root["method"].get(method) != simdjson::SUCCESS) return request;
  if (method == "ping") {
    request.method = ClientMethod::ping;
  } else if (method == "subscribe" || method == "unsubscribe") {
    element params;
    if (root["params"].get(params) != simdjson::SUCCESS || !read_params(params, request)) return request;
    request.method = method == "subscribe" ? ClientMethod::subscribe : ClientMethod::unsubscribe;
  }
  return request;
}

}  // namespace candled::simulator
