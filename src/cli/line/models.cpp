// train, tune and models: learning by hand, and which model serves.
#include <CLI/CLI.hpp>

#include <memory>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"

namespace candled::cli {
namespace {

struct LearningTexts {
  std::string window, horizon, kind, promote;

  LearningFlags flags() const {
    LearningFlags flags{{}, {}, kind, promote};
    if (!window.empty()) flags.window = duration_option("--window:", window);
    if (!horizon.empty()) flags.horizon = duration_option("--horizon:", horizon);
    return flags;
  }
};

void add_learning_options(CLI::App& line, LearningTexts& texts) {
  line.add_option("--window", texts.window, "length of the training window, such as 30d; overrides [training] window");
  line.add_option("--horizon", texts.horizon, "how far ahead to predict, such as 5m; overrides [training] horizon");
  line.add_option("--kind", texts.kind, "gbdt, forest or ensemble; overrides [model] kind")
      ->check(CLI::IsMember({"gbdt", "forest", "ensemble"}));
}

Command train_command(CLI::App& app, const CommonOptions& common) {
  struct Texts {
    LearningTexts learning;
    TrainOptions options;
  };
  auto texts = std::make_shared<Texts>();
  CLI::App* line =
      app.add_subcommand("train",
                         "One training now on the stored data, as the daemon does it; works while the daemon runs")
          ->fallthrough();
  add_learning_options(*line, texts->learning);
  line->add_option("--promote", texts->learning.promote, "better, always or manual; overrides [training] promote")
      ->check(CLI::IsMember({"better", "always", "manual"}));
  line->add_flag("--combinatorial", texts->options.combinatorial, "also combinatorial purged cross-validation; slow");
  line->add_flag("--json", texts->options.as_json, "for programs");
  line->footer(
      "The model is always written to [model] directory; a running daemon swaps to it if it is promoted.\n"
      "  candled train --market kraken:BTC/USD --window 30d --horizon 5m\n"
      "  candled train --kind forest --promote manual --json");
  return {line, [texts, &common] {
            texts->options.learning = texts->learning.flags();
            return run_train(common.load(), texts->options);
          }};
}

Command tune_command(CLI::App& app, const CommonOptions& common) {
  struct Texts {
    LearningTexts learning;
    std::string apply;
    TuneOptions options;
  };
  auto texts = std::make_shared<Texts>();
  CLI::App* line =
      app.add_subcommand("tune", "Searches for better parameters, and reports how much of the result is luck")
          ->fallthrough();
  line->add_option("--trials", texts->options.trials,
                   "number of trials in total; a second call continues where the first one stopped")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  line->add_option("--aim", texts->options.aim, "log_loss, or net_return of a strategy after costs")
      ->check(CLI::IsMember({"log_loss", "net_return"}))
      ->capture_default_str();
  line->add_option("--strategy", texts->options.strategy,
                   "whose net return, by its name in the config (default: the first)");
  line->add_option("--apply", texts->apply,
                   "config file to write the best parameters into, under [model]; created if missing");
  line->add_flag("--restart", texts->options.restart, "start a new search on the newest rows");
  add_learning_options(*line, texts->learning);
  line->add_flag("--json", texts->options.as_json, "for programs");
  line->footer(
      "Purged walk-forward on all but the newest fifth of the window, which is never used.\n"
      "  candled tune --trials 100\n"
      "  candled tune --trials 200 --aim net_return --strategy dynamic --apply tuned.toml");
  return {line, [texts, &common] {
            texts->options.learning = texts->learning.flags();
            texts->options.apply = texts->apply;
            return run_tune(common.load(), texts->options);
          }};
}

CLI::App* subcommand(CLI::App& models, const char* name, const char* what, std::shared_ptr<bool> json) {
  CLI::App* line = models.add_subcommand(name, what)->fallthrough();
  line->add_flag("--json", *json, "for programs");
  return line;
}

}  // namespace

Commands models_commands(CLI::App& app, const CommonOptions& common) {
  CLI::App* models = app.add_subcommand("models", "Lists, compares and promotes models")->fallthrough();
  models->require_subcommand(1);
  models->footer(
      "promote and rollback also work while the daemon runs: it swaps models at once, without losing an event.\n"
      "  candled models list\n  candled models show champion\n  candled models compare champion challenger\n"
      "  candled models promote 20251124_190000\n  candled models rollback\n  candled models prune --keep 20");
  struct Texts {
    std::string name, other;
    PruneOptions prune;
  };
  auto texts = std::make_shared<Texts>();
  auto json = std::make_shared<bool>(false);
  CLI::App* list = subcommand(*models, "list", "Every model, with its figures", json);
  CLI::App* show = subcommand(*models, "show", "The card of one model, and the outcomes of its predictions", json);
  show->add_option("model", texts->name, "its name, champion or challenger")->required();
  CLI::App* compare = subcommand(*models, "compare", "Two models on rows that neither was trained on", json);
  compare->add_option("first", texts->name, "a model, champion or challenger")->required();
  compare->add_option("second", texts->other, "another")->required();
  CLI::App* promote = subcommand(*models, "promote", "Makes a model champion", json);
  promote->add_option("model", texts->name, "its name, or challenger")->required();
  CLI::App* rollback = subcommand(*models, "rollback", "Back to the champion before the present one", json);
  CLI::App* prune = subcommand(*models, "prune",
                               "Deletes old model directories; champion, challenger and the last five champions stay; "
                               "verify needs those that served",
                               json);
  prune->add_option("--keep", texts->prune.keep, "how many of the newest to keep")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  prune->add_flag("--dry-run", texts->prune.only_say, "only list them");
  return {
      train_command(app, common),
      tune_command(app, common),
      {list, [&common, json] { return run_models_list(common.load(), *json); }},
      {show, [&common, texts, json] { return run_models_show(common.load(), texts->name, *json); }},
      {compare, [&common, texts, json] { return run_models_compare(common.load(), texts->name, texts->other, *json); }},
      {promote, [&common, texts, json] { return run_models_promote(common.load(), texts->name, *json); }},
      {rollback, [&common, json] { return run_models_rollback(common.load(), *json); }},
      {prune, [&common, texts, json] {
         texts->prune.as_json = *json;
         return run_models_prune(common.load(), texts->prune);
       }}};
}

}  // namespace candled::cli
