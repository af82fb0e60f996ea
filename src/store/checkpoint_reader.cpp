#include "candled/store/checkpoint_reader.hpp"

#include "store/fill_row.hpp"
#include "store/names.hpp"
#include "store/reading.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class CheckpointReader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, const MarketTable& table)
      : connection(open_for_reading(path)), markets(find_markets(connection, table)) {}

  Connection connection;
  std::vector<std::int64_t> markets;
};

CheckpointReader::CheckpointReader(const std::filesystem::path& path, const MarketTable& markets)
    : implementation_(reading([&] { return std::make_unique<Implementation>(path, markets); })) {}
CheckpointReader::~CheckpointReader() = default;

StreamPosition CheckpointReader::position() const {
  return reading([&] {
    Statement s(implementation_->connection, "SELECT last_sequence, checkpoint_sequence FROM stream");
    StreamPosition position;
    while (s.next()) position = {s.integer(0), s.integer(1)};
    return position;
  });
}

std::vector<std::pair<std::string, std::string>> CheckpointReader::states() const {
  return reading([&] {
    std::vector<std::pair<std::string, std::string>> states;
    Statement s(implementation_->connection, "SELECT station, state FROM checkpoint");
    while (s.next()) states.emplace_back(s.text(0), s.blob(1));
    return states;
  });
}

std::optional<RunRecord> CheckpointReader::last_run() const {
  return reading([&] {
    std::optional<RunRecord> run;
    Statement s(implementation_->connection, "SELECT sequence, version, config FROM run ORDER BY id DESC LIMIT 1");
    while (s.next()) run = RunRecord{s.integer(0), std::string(s.text(1)), std::string(s.text(2)), {}};
    return run;
  });
}

void CheckpointReader::each_fill(MarketId market, const std::string& strategy, std::uint32_t count,
                                 const std::function<void(const Fill&)>& visit) const {
  reading([&] {
    // Numbers have no sequence gaps, so the last ones are known from the highest.
    Statement s(
        implementation_->connection,
        std::string("SELECT ") + fill_columns +
            " FROM fill WHERE market = ?1 AND strategy = (SELECT id FROM strategy WHERE name = ?2) AND number > "
            "(SELECT max(number) FROM fill WHERE market = ?1 AND strategy = (SELECT id FROM strategy WHERE name = ?2)) "
            "- ?3 "
            "ORDER BY number");
    s.bind(implementation_->markets[index_of(market)], strategy, std::int64_t{count});
    std::uint32_t number = 0;
    while (s.next()) {
      Fill fill = fill_of(s);
      fill.number = ++number;
      visit(fill);
    }
  });
}

}  // namespace candled::store
