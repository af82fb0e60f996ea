// Exporter: rows of one market as CSV, streamed, exact: what an import of it reads back is what was stored.
//
// Reads while a daemon runs: each read transaction is short, so the daemon can truncate its write-ahead log meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

enum class ExportKind : std::uint8_t { trades, candles, features, predictions, fills, equity };

struct ExportRequest {
  ExportKind kind = ExportKind::trades;
  std::string market;                 // "kraken:BTC/USD"
  std::optional<Timestamp> from, to;  // of the trade, the candle's start, the fill, the equity point; `to` is exclusive
  // Of features: rows of this list only.
  std::string feature_hash;
  std::vector<std::string> feature_names;
};

class Exporter {
 public:
  // Throws StoreError: no such file, not ours.
  explicit Exporter(const std::filesystem::path& path);
  ~Exporter();
  Exporter(Exporter&&) noexcept;

  // Hands whole lines to `sink`, the header first, until it says false. Returns the rows handed over. Errors: refuse (the file holds no
  // such market), retry (cannot be read).
  Result<std::int64_t> run(const ExportRequest& request, const std::function<bool(std::string_view lines)>& sink);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
