// The library's own Python package on the same rows: the model it loads, the model it trains, its figures, its SHAP values.
// Needs xgboost 1.7 in the python of $CANDLED_XGBOOST_PYTHON (or python3).
#include <fmt/format.h>
#include <fmt/os.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "model/model_directory.hpp"
#include "model/trees.hpp"
#include "model/vote.hpp"

using namespace candled;
using namespace candled::model;

namespace {

void write_row(fmt::ostream& out, std::initializer_list<double> first, std::span<const float> row) {
  std::string line;
  for (const double value : first) line += fmt::format("{},", value);
  for (const float value : row) line += fmt::format("{},", value);
  line.pop_back();
  out.print("{}\n", line);
}

void write_case(const TemporaryDirectory& directory, const FittedPart& part, const Sample& learn, const Sample& test) {
  const auto file = [&](const char* name) { return fmt::output_file((directory / name).string()); };
  const std::string bytes = *part.booster.save();
  spill(directory / "model.ubj", bytes);
  auto parameters = file("parameters.txt"), train = file("train.csv"), tested = file("test.csv"),
       metrics = file("metrics.txt"), contributions = file("contributions.csv");
  for (const auto& [name, value] : part.parameters) parameters.print("{} {}\n", name, value);
  for (std::size_t i = 0; i < learn.size(); ++i) {
    write_row(train, {learn.targets[i] == Label::up ? 1.0 : 0.0, static_cast<double>(learn.weights[i])}, learn.row(i));
  }
  const Trees trees = *Trees::parse(bytes, test.columns);
  std::vector<double> said;
  for (std::size_t i = 0; i < test.size(); ++i) {
    said.push_back(trees.probability(test.row(i)));
    write_row(tested, {said.back(), test.labels[i] == Label::up ? 1.0 : 0.0}, test.row(i));
    if (i >= 200) continue;
    std::vector<double> sums(test.columns, 0.0);
    trees.add_contributions(test.row(i), 1, sums);
    contributions.print("{}\n", fmt::join(sums, ","));
  }
  const Metrics m = measure({test.open_times, said, test.labels, test.labels, 0.5}, 10, 1);
  metrics.print("log_loss {}\nauc {}\naccuracy {}\nbrier {}\n", m.log_loss, m.auc, m.accuracy, m.brier);
}

}  // namespace

TEST_CASE("agreement with the xgboost package") {
  const char* chosen = std::getenv("CANDLED_XGBOOST_PYTHON");
  const std::string python = chosen == nullptr ? "python3" : chosen;
  const Sample all = labelled_sample(made_rows(3000, 0.65, 71), Duration::minutes(5), {})->sample;
  const Sample learn = all.slice(0, 2200), test = all.slice(2300, all.size());
  for (const GbdtSettings& gbdt :
       {GbdtSettings{.rounds = 50, .depth = 5}, GbdtSettings{.rounds = 30, .depth = 8, .leaves_max = 12}}) {
    TemporaryDirectory directory;
    TrainingSettings settings;
    Reporter reporter({}, 0);
    const FittedPart part = *fit(gbdt, learn, settings, reporter);
    write_case(directory, part, learn, test);
    const int status = std::system(fmt::format("'{}' '{}/tests/model/xgboost_agreement.py' '{}' > '{}/out' 2>&1",
                                               python, CANDLED_SOURCE_DIR, directory.text(), directory.text())
                                       .c_str());
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)) {
      WARN("skipped: no xgboost for " << python << " (set CANDLED_XGBOOST_PYTHON)");
      return;
    }
    INFO(slurp(directory / "out"));
    CHECK(status == 0);
  }
}
