#include "model/trees.hpp"

#include <xgboost/c_api.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "model/made_rows.hpp"
#include "model/vote.hpp"

using namespace candled;
using namespace candled::model;

namespace {

Sample sample_of(const TrainingRows& rows) { return labelled_sample(rows, Duration::minutes(1), {})->sample; }

Vote fitted(std::string_view kind, const Sample& sample) {
  TrainingSettings settings;
  Algorithm algorithm = *algorithm_named(kind);
  if (auto* gbdt = std::get_if<GbdtSettings>(&algorithm)) gbdt->rounds = 80;
  if (kind == "gbdt") std::get<GbdtSettings>(algorithm).stopping_rows_min = SIZE_MAX;
  if (auto* forest = std::get_if<ForestSettings>(&algorithm)) forest->trees = 30;
  Reporter reporter({}, 0);
  return *fit_vote(algorithm, sample, settings, reporter);
}

Trees trees_of(const Vote& vote, std::size_t columns) {
  return *Trees::parse(*vote.parts.front().booster.save(), columns);
}

Matrix matrix_of(const Sample& sample) {
  const std::vector<float> zeros(sample.size(), 0.0F), ones(sample.size(), 1.0F);
  return *Matrix::to_ask_about({sample.values, sample.columns, zeros, ones}, 1);
}

// What the library itself says, of every row and column; the last column is the expected value.
std::vector<float> library_contributions(const Vote& vote, const Sample& sample) {
  const Matrix matrix = matrix_of(sample);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  const char* config =
      R"({"type": 2, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true})";
  REQUIRE(XGBoosterPredictFromDMatrix(vote.parts.front().booster.handle(), matrix.handle(), config, &shape, &dimensions,
                                      &values) == 0);
  std::size_t count = 1;
  for (bst_ulong i = 0; i < dimensions; ++i) count *= shape[i];
  return {values, values + count};
}

}  // namespace

TEST_CASE("our own walk through the trees gives the library's answer to the last bit") {
  for (const std::string_view kind : {"gbdt", "forest"}) {
    INFO(kind);
    const Sample sample = sample_of(made_rows(3000, 0.65, 21));
    const Vote vote = fitted(kind, sample);
    const Trees trees = trees_of(vote, 4);
    const std::vector<double> library = *vote.parts.front().booster.predict(matrix_of(sample));
    std::size_t different = 0;
    for (std::size_t i = 0; i < sample.size(); ++i)
      different += trees.probability(sample.row(i)) != library[i] ? 1U : 0U;
    CHECK(different == 0);
    const std::vector<float> missing(4, std::nanf(""));
    CHECK(trees.probability(missing) > 0.2);
  }
}

TEST_CASE("contributions are the library's, and add up to the answer") {
  for (const std::string_view kind : {"gbdt", "forest"}) {
    INFO(kind);
    const Sample sample = sample_of(made_rows(1500, 0.65, 22));
    const Vote vote = fitted(kind, sample);
    const Trees trees = trees_of(vote, 4);
    const std::vector<float> library = library_contributions(vote, sample);
    REQUIRE(library.size() == sample.size() * 5);
    double largest_difference = 0, largest_remainder = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
      std::vector<double> sums(4, 0.0);
      trees.add_contributions(sample.row(i), 1, sums);
      for (std::size_t column = 0; column < 4; ++column) {
        largest_difference =
            std::max(largest_difference, std::abs(sums[column] - static_cast<double>(library[i * 5 + column])));
      }
      const double whole = std::accumulate(sums.begin(), sums.end(), trees.expected_margin());
      largest_remainder =
          std::max(largest_remainder, std::abs(whole - static_cast<double>(trees.margin(sample.row(i)))));
    }
    CHECK(largest_difference < 2e-5);
    CHECK(largest_remainder < 2e-5);
    CHECK(trees.expected_margin() == Approx(static_cast<double>(library[4])).margin(2e-5));
  }
}

TEST_CASE("importance: the column that matters has the gain") {
  const Sample sample = sample_of(made_rows(3000, 0.7, 23));
  const auto importance = trees_of(fitted("gbdt", sample), 4).importance();
  for (const std::size_t noise : {0U, 2U, 3U}) CHECK(importance[1].gain > 3 * importance[noise].gain);
  CHECK(importance[1].cover > 0);
  CHECK(importance[1].splits > 0);
}

TEST_CASE("trees of a file that means harm") {
  const Sample sample = sample_of(made_rows(600, 0.7, 24));
  const std::string good = *fitted("gbdt", sample).parts.front().booster.save();
  std::mt19937_64 random(5);
  const std::vector<float> row = {0.1F, std::nanf(""), 3e30F, -1.0F};
  for (int i = 0; i < 800; ++i) {
    std::string bytes = good;
    for (std::uint64_t flips = random() % 4 + 1; flips > 0; --flips) {
      const std::size_t at = random() % bytes.size();
      bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << (random() % 8)));
    }
    const Result<Trees> trees = Trees::parse(bytes, 4);
    if (!trees) continue;
    const double probability = trees->probability(row);
    CHECK((probability >= 0 && probability <= 1));
    std::vector<double> sums(4, 0.0);
    trees->add_contributions(row, 1, sums);  // must end, whatever it says
  }
}
