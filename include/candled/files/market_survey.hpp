// MarketSurvey: which markets the files of folders and archives are of, by their names; nothing of their rows is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::files {

// A file, or one member of an archive.
struct Member {
  std::filesystem::path file;
  std::string name;  // within the archive; empty: the file itself
  friend auto operator<=>(const Member&, const Member&) = default;
};

struct FoundMarket {
  std::string exchange, symbol;  // "kraken", "BTC/USD"
  std::vector<Member> members;   // in order
};

struct Survey {
  std::vector<FoundMarket> markets;     // by exchange and symbol
  std::vector<std::string> reasons;     // a line for each exchange: why it is believed to be this one
  std::vector<std::string> unnamed;     // may hold rows, but their names tell no pair
  std::vector<std::string> unreadable;  // a line for each file that is no readable archive
  std::int64_t of_other_intervals = 0;  // candles that do not fit into the market's
  std::int64_t without_rows = 0;        // a licence, a checksum
};

struct SurveySettings {
  std::vector<std::filesystem::path> paths;  // files and folders
  std::string exchange;                      // of all of them; empty: their names tell it
  Duration interval = Duration::minutes(1);  // of the market's candles
};

// Errors are one line: no such file, standard input, names that do not tell the exchange.
Result<Survey> survey_markets(const SurveySettings& settings, const std::function<bool()>& stopped);

}  // namespace candled::files
