#include <cmath>

#include "candled/model/tuning.hpp"
#include "model/json_reader.hpp"
#include "model/json_text.hpp"

namespace candled::model {
namespace {

std::string_view name_of(TrialState state) {
  if (state == TrialState::complete) return "complete";
  return state == TrialState::stopped ? "stopped" : "failed";
}

std::string json_of(std::span<const double> values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(json_number(value));
  return json_array(texts);
}

}  // namespace

std::string to_json(const Trial& trial) {
  std::vector<std::string> parameters;
  for (const Parameter& parameter : trial.parameters) {
    parameters.push_back(JsonObject().text("name", parameter.name).number("value", parameter.value).one_line());
  }
  return JsonObject()
      .integer("number", trial.number)
      .text("state", name_of(trial.state))
      .raw("parameters", json_array(parameters))
      .raw("fold_losses", json_of(trial.fold_losses))
      .number("loss", trial.loss)
      .raw("scores", json_of(trial.scores))
      .text("why", trial.why)
      .one_line();
}

Result<Trial> parse_trial(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(simdjson::padded_string(text)).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return refuse("trial: not a JSON object");
  }
  MemberReader read(root);
  Trial trial;
  const std::int64_t number = read.integer("number");
  read.expect(number > 0 && number < 1'000'000'000, "number", "a positive number");
  trial.number = static_cast<int>(number);
  const std::string state = read.text("state");
  bool known = false;
  for (const TrialState each : {TrialState::complete, TrialState::stopped, TrialState::failed}) {
    if (state != name_of(each)) continue;
    trial.state = each;
    known = true;
  }
  read.expect(known, "state", "complete, stopped or failed");
  for (const simdjson::dom::element item : read.objects("parameters")) {
    MemberReader parameter(item);
    trial.parameters.push_back({parameter.text("name"), parameter.number("value")});
    read.expect(parameter.wrong().empty(), "parameters", "a list of names and values");
  }
  trial.fold_losses = read.numbers("fold_losses");
  trial.loss = read.number("loss");
  trial.scores = read.numbers("scores");
  trial.why = read.text("why");
  if (!read.wrong().empty()) return refuse("trial: " + read.wrong());
  return trial;
}

std::string to_json(const TuningReport& report) {
  return JsonObject()
      .integer("trials", static_cast<std::int64_t>(report.trials))
      .integer("complete", static_cast<std::int64_t>(report.complete))
      .integer("stopped", static_cast<std::int64_t>(report.stopped))
      .integer("failed", static_cast<std::int64_t>(report.failed))
      .number("best_sharpe", report.best_sharpe)
      .number("expected_best_sharpe", report.expected_best_sharpe)
      .number("deflated_sharpe_ratio", report.deflated_sharpe_ratio)
      .number("overfitting_probability", report.overfitting_probability)
      .raw("best", report.best ? to_json(*report.best) : "null")
      .one_line();
}

}  // namespace candled::model
