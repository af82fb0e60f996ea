#include <cmath>

#include "candled/domain/json_writer.hpp"
#include "candled/model/tuning.hpp"
#include "model/json_reader.hpp"

namespace candled::model {
namespace {

std::string_view name_of(TrialState state) {
  if (state == TrialState::complete) return "complete";
  return state == TrialState::stopped ? "stopped" : "failed";
}

void write_trial(JsonWriter& json, const Trial& trial) {
  json.begin_object()
      .member("number", trial.number)
      .member("state", name_of(trial.state))
      .key("parameters")
      .begin_array();
  for (const Parameter& parameter : trial.parameters) {
    json.begin_object().member("name", parameter.name).member("value", parameter.value).end_object();
  }
  json.end_array()
      .key("fold_losses")
      .values(trial.fold_losses)
      .member("loss", trial.loss)
      .key("scores")
      .values(trial.scores);
  json.member("why", trial.why).end_object();
}

}  // namespace

std::string to_json(const Trial& trial) {
  std::string out;
  JsonWriter json(out);
  write_trial(json, trial);
  return out;
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
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("trials", report.trials)
      .member("complete", report.complete)
      .member("stopped", report.stopped);
  json.member("failed", report.failed)
      .member("best_sharpe", report.best_sharpe)
      .member("expected_best_sharpe", report.expected_best_sharpe);
  json.member("deflated_sharpe_ratio", report.deflated_sharpe_ratio)
      .member("overfitting_probability", report.overfitting_probability)
      .key("best");
  if (report.best) {
    write_trial(json, *report.best);
  } else {
    json.value(nullptr);
  }
  json.end_object();
  return out;
}

}  // namespace candled::model
