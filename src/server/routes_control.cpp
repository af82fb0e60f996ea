// What a person may ask the daemon to do. Access has asked for the token before.
#include <algorithm>

#include "server/json.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr std::size_t name_length_max = 64;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= name_length_max && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace

Response Routes::control(ControlAction action, const std::string& model) {
  if (!sources_.control) return error_response(501, "this daemon cannot do that");
  const Result<std::string> done = sources_.control(action, model);
  if (done) return {200, json_body([&](JsonWriter& json) { json.member("done", *done); })};
  return error_response(done.error().remedy == Remedy::refuse ? 409 : 503, done.error().message);
}

Response Routes::promote(const Call& call) {
  if (!is_name(call.argument)) return error_response(404, "there is no such model");
  return control(ControlAction::promote, call.argument);
}
Response Routes::rollback(const Call&) { return control(ControlAction::rollback, ""); }
Response Routes::pause(const Call&) { return control(ControlAction::pause, ""); }
Response Routes::resume(const Call&) { return control(ControlAction::resume, ""); }

Response Routes::model_card(const Call& call) {
  if (!is_name(call.argument)) return error_response(404, "there is no such model");
  if (!sources_.model_card) return error_response(501, "this daemon has no cards of its models");
  const Result<std::string> card = sources_.model_card(call.argument);
  if (!card) return error_response(card.error().remedy == Remedy::refuse ? 404 : 503, card.error().message);
  return {200, *card};
}

}  // namespace candled::server
