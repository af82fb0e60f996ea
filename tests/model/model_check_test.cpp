#include "model/model_check.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "candled/model/predictor.hpp"
#include "candled/model/trainer.hpp"
#include "model/made_rows.hpp"

using namespace candled;
using namespace candled::model;

namespace {

std::string trained(std::string_view kind) {
  TrainingSettings settings;
  settings.algorithm = *algorithm_named(kind);
  if (auto* gbdt = std::get_if<GbdtSettings>(&settings.algorithm)) gbdt->rounds = 8;
  if (auto* forest = std::get_if<ForestSettings>(&settings.algorithm)) forest->trees = 8;
  settings.horizon = Duration::minutes(1);
  return bytes_of(*train(made_rows(600, 0.7, 9), settings));
}

// Where element i of the first typed array of that name begins.
std::size_t element_at(const std::string& bytes, std::string_view array, std::size_t width, std::size_t i) {
  const std::size_t name = bytes.find(array);
  REQUIRE(name != std::string::npos);
  return name + array.size() + std::strlen("[$l#L") + 8 + i * width;
}

std::string with_int32(std::string bytes, std::string_view array, std::size_t i, std::int32_t value) {
  const std::size_t at = element_at(bytes, array, 4, i);
  for (std::size_t byte = 0; byte < 4; ++byte) bytes[at + byte] = static_cast<char>(value >> (24 - 8 * byte));
  return bytes;
}

}  // namespace

TEST_CASE("what is trained passes") {
  CHECK(check_model_bytes(trained("gbdt"), 4).has_value());
  CHECK(check_model_bytes(trained("forest"), 4).has_value());
  CHECK(check_model_bytes(trained("gbdt"), 5).error().message == "the model takes 4 features, the rows have 5");
}

TEST_CASE("trees that would lead XGBoost astray do not pass") {
  const std::string good = trained("gbdt");
  const auto check = [&](const std::string& bytes, const std::string& expected) {
    const Result<void> checked = check_model_bytes(bytes, 4);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().message == expected);
  };
  check(with_int32(good, "left_children", 0, 1 << 30), "tree 0 is not sound");  // beyond the nodes
  check(with_int32(good, "left_children", 0, -7), "tree 0 is not sound");
  check(with_int32(good, "left_children", 1, 0), "tree 0 is not sound");    // back to the root
  check(with_int32(good, "left_children", 0, 2), "tree 0 is not sound");    // both children the same
  check(with_int32(good, "right_children", 0, -1), "tree 0 is not sound");  // half a leaf
  check(with_int32(good, "parents", 0, 0), "tree 0 is not sound");
  check(with_int32(good, "parents", 1, 2), "tree 0 is not sound");
  check(with_int32(good, "split_indices", 0, 4), "tree 0 is not sound");
  check(with_int32(good, "split_indices", 0, -1), "tree 0 is not sound");
  std::string bytes = good;
  bytes[element_at(good, "split_type", 1, 0)] = 1;  // categorical
  check(bytes, "tree 0 is not sound");
}

TEST_CASE("a model with any bit flipped is refused or harmless") {
  // The digest is no help here: it is the structure that has to be noticed. Without the check one in six crashes
  // XGBoost.
  const TrainingRows rows = made_rows(20, 0.7, 5);
  std::mt19937_64 random(3);
  int refused = 0, harmless = 0;
  for (const std::string_view kind : {"gbdt", "forest"}) {
    const std::string good = trained(kind);
    for (int i = 0; i < 1500; ++i) {
      std::string bytes = good;
      for (std::uint64_t flips = random() % 3 + 1; flips > 0; --flips) {
        const std::size_t at = random() % bytes.size();
        bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << (random() % 8)));
      }
      const auto predictor = predictor_of_bytes({"20260101_000000", "h", 4, Duration::minutes(1)}, bytes);
      if (!predictor) {
        ++refused;
        continue;
      }
      ++harmless;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const double probability = (*predictor)->predict(rows.row(row));
        CHECK((probability >= 0 && probability <= 1));
      }
    }
    for (std::size_t length = 0; length < good.size(); length += 37) {
      CHECK_FALSE(check_model_bytes(std::string_view(good).substr(0, length), 4).has_value());
    }
  }
  CHECK(refused > 1000);
  CHECK(harmless > 100);
}
