#include "candled/model/card_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>
#include <utility>

namespace candled::model {
namespace {

using Element = simdjson::dom::element;
constexpr std::size_t importance_max = 10;

std::string text(Element object, std::string_view key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}
std::optional<double> number(Element object, std::string_view key) {
  double value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}
std::int64_t whole(Element object, std::string_view key) {
  return static_cast<std::int64_t>(number(object, key).value_or(0));
}
bool truth(Element object, std::string_view key) {
  bool value = false;
  return object[key].get(value) == simdjson::SUCCESS && value;
}

std::string percent(std::optional<double> share) { return share ? fmt::format("{:.1f} %", *share * 100) : "-"; }
std::string figure(std::optional<double> value) { return value ? fmt::format("{:.5f}", *value) : "-"; }
std::string line(std::string_view name, std::string_view value) { return fmt::format("{:<12}{}\n", name, value); }

// "56.4 % to 60.2 %"
template <class Print>
std::string interval(Element metrics, std::string_view key, Print print) {
  simdjson::dom::array bounds;
  if (metrics[key].get(bounds) != simdjson::SUCCESS || bounds.size() != 2) return "-";
  const auto bound = [&](std::size_t i) {
    double value = 0;
    return bounds.at(i).get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
  };
  return fmt::format("{} to {}", print(bound(0)), print(bound(1)));
}

std::string metrics_text(Element metrics) {
  Element baselines = metrics;
  const bool has_baselines = metrics["baselines"].get(baselines) == simdjson::SUCCESS;
  const auto base = [&](std::string_view key) { return has_baselines ? number(baselines, key) : std::nullopt; };
  std::string out = line(
      "hold-out", fmt::format("{} rows, {} to {}", whole(metrics, "rows"), text(metrics, "from"), text(metrics, "to")));
  out += line("accuracy",
              fmt::format("{} (95 %: {}); majority {}, last direction {}, always up {}",
                          percent(number(metrics, "accuracy")), interval(metrics, "accuracy_interval", percent),
                          percent(base("majority")), percent(base("last_direction")), percent(base("always_up"))));
  for (const auto& [name, key] :
       {std::pair{"precision", "precision"}, {"recall", "recall"}, {"F1", "f1"}, {"AUC", "auc"}}) {
    out += line(name, fmt::format("{} (95 %: {})", figure(number(metrics, key)),
                                  interval(metrics, std::string(key) + "_interval", figure)));
  }
  out +=
      line("log loss", fmt::format("{} (95 %: {}); base rate {}", figure(number(metrics, "log_loss")),
                                   interval(metrics, "log_loss_interval", figure), figure(base("base_rate_log_loss"))));
  out += line("Brier", fmt::format("{} (95 %: {}); base rate {}", figure(number(metrics, "brier")),
                                   interval(metrics, "brier_interval", figure), figure(base("base_rate_brier"))));
  return out + line("edge", truth(metrics, "has_edge") ? "yes: the whole 99 % interval of its skill is above zero"
                                                       : "none that can be told from chance");
}

template <class Print>
std::string list(Element card, std::string_view key, std::string_view name, std::size_t count_max, Print print) {
  simdjson::dom::array items;
  std::string out;
  if (card[key].get(items) != simdjson::SUCCESS) return out;
  std::size_t count = 0;
  for (const Element item : items) {
    if (count == count_max) break;
    out += line(count++ == 0 ? name : "", print(item));
  }
  return out;
}

}  // namespace

Result<std::string> card_text(std::string_view meta_json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(meta_json);
  Element card;
  if (parser.parse(padded).get(card) != simdjson::SUCCESS || !card.is_object())
    return refuse("the model card is not a JSON object");
  std::string out = line("model", fmt::format("{} ({}), predicts {} ahead on {} candles", text(card, "name"),
                                              text(card, "kind"), text(card, "horizon"), text(card, "interval")));
  out += line("made",
              fmt::format("{}, in {:.1f} s, {}, seed {}", text(card, "created"),
                          number(card, "training_ms").value_or(0) / 1e3, text(card, "library"), whole(card, "seed")));
  if (const std::string parent = text(card, "parent"); !parent.empty()) out += line("parent", parent);
  out += line("learned", fmt::format("{} rows, {} to {}; {} purged, {} within the dead zone",
                                     whole(card, "training_rows"), text(card, "trained_from"), text(card, "trained_to"),
                                     whole(card, "purged_rows"), whole(card, "flat_rows")));
  Element metrics = card;
  if (card["metrics"].get(metrics) == simdjson::SUCCESS && metrics.is_object()) out += metrics_text(metrics);
  out += list(card, "canaries", "leak checks", SIZE_MAX, [](Element one) {
    return fmt::format("{}: AUC {:.3f}, chance reaches {:.3f}: {}", text(one, "name"), number(one, "auc").value_or(0),
                       number(one, "auc_max").value_or(0), truth(one, "passed") ? "passed" : "FAILED");
  });
  if (truth(card, "leaking")) out += line("LEAKING", "it found something where there is nothing: never promoted");
  out += list(card, "folds", "folds", SIZE_MAX, [](Element one) {
    return fmt::format("{} rows from {}: accuracy {}, log loss {}, base rate {}", whole(one, "rows"), text(one, "from"),
                       percent(number(one, "accuracy")), figure(number(one, "log_loss")),
                       figure(number(one, "base_rate_log_loss")));
  });
  out += list(card, "strategies", "strategies", SIZE_MAX, [](Element one) {
    return fmt::format("{}: {:+.2f} % after costs in {} fills; buy and hold {:+.2f} %", text(one, "name"),
                       number(one, "net_return").value_or(0) * 100, whole(one, "trades"),
                       number(one, "buy_and_hold_return").value_or(0) * 100);
  });
  out += list(card, "importance", "looks at", importance_max, [](Element one) {
    return fmt::format("{:<24} {:.4f} log-odds", text(one, "feature"), number(one, "mean_contribution").value_or(0));
  });
  return out;
}

}  // namespace candled::model
