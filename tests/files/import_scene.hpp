// ImportScene: files in a folder of their own, and what an import makes of them.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "candled/files/import.hpp"

namespace candled::tests {

struct Imported {
  std::string error;  // empty: it went well
  files::ImportSummary summary;
  std::vector<Trade> trades;
  std::vector<Candle> candles;
  std::vector<files::RejectedRow> rejected;
};

class ImportScene {
 public:
  ImportScene()
      : folder(std::filesystem::temp_directory_path() / ("candled_import_test_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    settings.market = Market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
    settings.now = *parse_rfc3339("2026-01-01T00:00:00Z");
    settings.spill_folder = folder;
    settings.rejected_percent_max = 100;
  }
  ~ImportScene() { std::filesystem::remove_all(folder); }

  std::filesystem::path file(const std::string& name, std::string_view text) {
    const std::filesystem::path path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  // A shell command in the folder, to pack files as a person does.
  void run(const std::string& command) {
    REQUIRE(std::system(("cd '" + folder.string() + "' && " + command).c_str()) == 0);
  }

  Imported import(std::vector<std::filesystem::path> paths) {
    settings.paths = std::move(paths);
    Imported imported;
    Result<files::ImportedRows> rows = files::read_import(
        settings, [&](const files::RejectedRow& row) { imported.rejected.push_back(row); },
        [](const files::ImportProgress&) {}, [] { return false; });
    if (!rows) {
      imported.error = rows.error().message;
      return imported;
    }
    imported.summary = rows->summary();
    Trade trade;
    for (Result<bool> more = rows->next(trade); more && *more; more = rows->next(trade))
      imported.trades.push_back(trade);
    Candle candle;
    for (Result<bool> more = rows->next(candle); more && *more; more = rows->next(candle))
      imported.candles.push_back(candle);
    CHECK(imported.summary.trades == static_cast<std::int64_t>(imported.trades.size()));
    CHECK(imported.summary.candles == static_cast<std::int64_t>(imported.candles.size()));
    return imported;
  }
  Imported import_text(std::string_view text, const std::string& name = "file.csv") {
    return import({file(name, text)});
  }

  std::filesystem::path folder;
  files::ImportSettings settings;
};

inline std::string text_of(const Trade& t) {
  const char* side = t.side == Side::buy ? "buy" : t.side == Side::sell ? "sell" : "unknown";
  return std::to_string(t.id) + " " + to_iso8601(t.time) + " " + t.price.to_text() + " " + t.quantity.to_text() + " " +
         side;
}

// "12:40 1 2 0.5 1.5 v10 traded": open, high, low, close; t and b where trades and taker-bought volume are known.
inline std::string text_of(const Candle& c) {
  std::string text = to_iso8601(c.open_time).substr(11, 8) + " ";
  if (c.close.is_positive())
    text += c.open.to_text() + " " + c.high.to_text() + " " + c.low.to_text() + " " + c.close.to_text() + " ";
  text += "v" + c.volume.to_text();
  if (c.trades_known) text += " t" + std::to_string(c.trades);
  if (c.buy_volume_known) text += " b" + c.buy_volume.to_text();
  return text + (c.state == CandleState::traded ? " traded" : c.state == CandleState::quiet ? " quiet" : " gap");
}

template <class Rows>
std::vector<std::string> texts_of(const Rows& rows) {
  std::vector<std::string> texts;
  for (const auto& row : rows) texts.push_back(text_of(row));
  return texts;
}

}  // namespace candled::tests
