#include "candled/store/model_reader.hpp"

#include <algorithm>
#include <cstring>

#include "candled/store/journal_writer.hpp"
#include "store/exact.hpp"
#include "store/reading.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

// The newest, found along the primary key from its newest end.
const std::string scored_sql =
    std::string("SELECT * FROM (SELECT p.open_time, p.model, p.probability_up, ").append(outcome_sql) +
    ", p.horizon FROM prediction p "
    "JOIN candle c ON c.market = p.market AND c.open_time = p.open_time AND c.state < 2 "
    "JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon AND later.state < 2 "
    "WHERE p.market = (SELECT id FROM market WHERE name = ?1) ORDER BY p.open_time DESC LIMIT ?2) ORDER BY 1";

constexpr const char* live_rows_sql =
    "SELECT p.probability_up, f.row FROM prediction p JOIN feature f ON f.market = p.market AND f.open_time = "
    "p.open_time "
    "WHERE p.market = (SELECT id FROM market WHERE name = ?1) AND p.model = ?2 ORDER BY p.open_time DESC LIMIT ?3";

}  // namespace

class ModelReader::Implementation {
 public:
  explicit Implementation(const std::filesystem::path& path) : connection(open_for_reading(path)) {}

  Statement prepare(const char* sql) { return Statement(connection, sql); }
  std::optional<std::string> text(Statement statement) {
    std::optional<std::string> value;
    while (statement.next()) value = std::string(statement.text(0));
    return value;
  }
  std::optional<std::string> alias(const char* name) {
    return reading(
        [&] { return text(std::move(prepare("SELECT model FROM model_alias WHERE alias = ?").bind(name))); });
  }

  Connection connection;
};

ModelReader::ModelReader(const std::filesystem::path& path)
    : implementation_(reading([&] { return std::make_unique<Implementation>(path); })) {}
ModelReader::~ModelReader() = default;
ModelReader::ModelReader(ModelReader&&) noexcept = default;

std::optional<std::string> ModelReader::champion() const { return implementation_->alias("champion"); }
std::optional<std::string> ModelReader::challenger() const { return implementation_->alias("challenger"); }

std::vector<PromotionRecord> ModelReader::promotions() const {
  return reading([&] {
    std::vector<PromotionRecord> promotions;
    Statement s = implementation_->prepare("SELECT model, decided, why FROM promotion ORDER BY id");
    while (s.next()) promotions.push_back({std::string(s.text(0)), Timestamp{s.integer(1)}, std::string(s.text(2))});
    return promotions;
  });
}

std::optional<std::string> ModelReader::last_model_swap() const {
  return reading([&] {
    return implementation_->text(implementation_->prepare("SELECT model FROM takeover ORDER BY sequence DESC LIMIT 1"));
  });
}

std::optional<Timestamp> ModelReader::newest_created() const {
  return reading([&] {
    std::optional<Timestamp> created;
    Statement s = implementation_->prepare("SELECT created FROM model ORDER BY created DESC LIMIT 1");
    while (s.next()) created = Timestamp{s.integer(0)};
    return created;
  });
}

std::map<std::string, ScoredPredictions> ModelReader::scored_predictions(const Market& market,
                                                                         std::size_t count_max) const {
  return reading([&] {
    std::map<std::string, ScoredPredictions> scored;
    Statement s = implementation_->prepare(scored_sql.c_str());
    s.bind(market.name(), static_cast<std::int64_t>(count_max));
    while (s.next()) {
      ScoredPredictions& one = scored[std::string(s.text(1))];
      one.probabilities.push_back(s.real(2));
      one.ups.push_back(s.integer(3) != 0);
      one.horizon_rows = static_cast<std::size_t>(std::max<std::int64_t>(1, Duration{s.integer(4)} / market.interval));
    }
    return scored;
  });
}

ModelReader::LiveRows ModelReader::live_rows(const std::string& model, const Market& market, std::size_t width,
                                             std::size_t count_max) const {
  return reading([&] {
    LiveRows rows;
    Statement s = implementation_->prepare(live_rows_sql);
    s.bind(market.name(), model, static_cast<std::int64_t>(count_max));
    while (s.next()) {
      const std::string_view blob = s.blob(1);
      if (blob.size() != width * sizeof(double) || blob.empty()) continue;
      const std::size_t at = rows.features.size();
      rows.features.resize(at + width);
      std::memcpy(&rows.features[at], blob.data(), blob.size());
      rows.probabilities.push_back(s.real(0));
    }
    return rows;
  });
}

}  // namespace candled::store
