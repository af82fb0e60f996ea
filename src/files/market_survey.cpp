#include "candled/files/market_survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "files/archive_reader.hpp"
#include "files/file_list.hpp"
#include "files/name_hint.hpp"
#include "files/pair_text.hpp"

namespace candled::files {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

struct Named {
  Member member;
  std::filesystem::path given;
  std::string path;  // from the given name on, as people see it
  NameHint hint;
};

struct Reason {
  std::string exchange, why;
  bool only_itself = false;  // what is of the same exchange would be named in the same way
};

// What files of one folder or archive tell, by exchange.
using Neighbours = std::map<std::string, Reason>;

// "BTCUSDT-trades-2024-12-31.csv", "ETHUSDT-1m-2025-01.zip": as Binance names its public files.
bool is_named_by_binance(const std::string& lower) {
  const std::string part = lower.substr(lower.find_last_of('/') + 1);
  const std::size_t pair_end = part.find('-');
  if (pair_end == std::string::npos || !pair_of(part.substr(0, pair_end), "binance")) return false;
  const std::size_t kind_end = part.find('-', pair_end + 1);
  if (kind_end == std::string::npos || kind_end + 5 > part.size()) return false;
  return std::ranges::all_of(part.substr(kind_end + 1, 4), [](char c) { return c >= '0' && c <= '9'; });
}

// "XBTUSD", "XXBTZUSD", "XDGEUR": nobody else writes them.
bool is_spelled_by_kraken(const std::string& lower) {
  return lower.find("xbt") != std::string::npos || lower.find("xdg") != std::string::npos;
}

std::optional<Reason> exchange_in(const std::string& path) {
  const std::string lower = lower_case(path);
  for (const auto& [word, exchange] : {std::pair{"kraken", "kraken"}, std::pair{"binance", "binance"},
                                       std::pair{"coinbase", "coinbase"}, std::pair{"gdax", "coinbase"}}) {
    if (lower.find(word) != std::string::npos) return Reason{exchange, fmt::format("{} names it", path)};
  }
  if (is_spelled_by_kraken(lower)) return Reason{"kraken", fmt::format("{} spells its pair as Kraken does", path)};
  if (is_named_by_binance(lower)) return Reason{"binance", fmt::format("{} is named as Binance does", path), true};
  return std::nullopt;
}

class Surveying {
 public:
  Surveying(const SurveySettings& settings, const std::function<bool()>& stopped)
      : settings_(settings), stopped_(stopped) {}

  Result<Survey> run() {
    if (std::ranges::find(settings_.paths, "-") != settings_.paths.end())
      return refuse("standard input has no name that tells a pair: name the file, or import it with --market");
    const Result<std::vector<ListedFile>> files = list_files(settings_.paths);
    if (!files) return std::unexpected(files.error());
    for (const ListedFile& file : *files) {
      if (stopped_()) return retry("stopped; nothing was imported");
      if (file.passed_over) {
        ++survey_.without_rows;
      } else if (Result<void> listed = list(file); !listed) {
        survey_.unreadable.push_back(listed.error().message);
      }
    }
    return sorted();
  }

 private:
  Result<void> list(const ListedFile& file) {
    Result<ArchiveReader> archive = ArchiveReader::open(file.path);
    if (!archive) return std::unexpected(archive.error());
    const std::string name = shown(file);
    std::vector<Named> found;
    for (;;) {
      const Result<std::optional<std::string>> member = archive->next_member();
      if (!member) return std::unexpected(member.error());
      if (!*member) break;
      const bool several = archive->holds_several();
      if (several && !may_hold_rows(**member)) {
        ++survey_.without_rows;
        continue;
      }
      const std::string path = several ? name + "/" + **member : name;
      found.push_back({{file.path, several ? **member : ""}, file.given, path, hint_of(path, "")});
      if (!several) break;
    }
    named_.insert(named_.end(), found.begin(), found.end());
    return {};
  }

  // "Kraken_Trading_History.zip", "klines/BTCUSDT-1m-2025-01.zip".
  static std::string shown(const ListedFile& file) {
    const std::filesystem::path given = file.given.has_filename() ? file.given : file.given.parent_path();
    const std::string within = file.path == file.given ? "" : file.path.lexically_relative(file.given).string();
    return given.filename().string() + (within.empty() ? "" : "/" + within);
  }

  // What is named beside others in one folder or archive is of the same exchange where it does not tell another, and the others agree.
  Result<Survey> sorted() {
    std::map<std::filesystem::path, Neighbours> neighbours;
    for (const Named& file : named_) {
      if (file.hint.pair.empty()) continue;
      if (std::optional<Reason> told = exchange_in(file.path)) {
        std::string exchange = told->exchange;
        neighbours[file.given].try_emplace(std::move(exchange), std::move(*told));
      }
    }
    std::map<std::pair<std::string, std::string>, std::vector<Member>> markets;
    std::map<std::string, std::string> reasons;
    for (const Named& file : named_) {
      if (file.hint.pair.empty()) {
        survey_.unnamed.push_back(file.path);
        continue;
      }
      Result<Reason> reason = exchange_of(file, neighbours);
      if (!reason) return std::unexpected(reason.error());
      const std::optional<Pair> pair = pair_of(file.hint.pair, reason->exchange);
      if (!pair) {
        survey_.unnamed.push_back(file.path);
      } else if (file.hint.interval && settings_.interval.ns % file.hint.interval->ns != 0) {
        ++survey_.of_other_intervals;
      } else {
        markets[{reason->exchange, pair->symbol()}].push_back(file.member);
        reasons.try_emplace(reason->exchange, reason->why);
      }
    }
    for (auto& [name, members] : markets) {
      std::ranges::sort(members);
      survey_.markets.push_back({name.first, name.second, std::move(members)});
    }
    for (const auto& [exchange, why] : reasons) survey_.reasons.push_back(fmt::format("{}: {}", exchange, why));
    return std::move(survey_);
  }

  Result<Reason> exchange_of(const Named& file, const std::map<std::filesystem::path, Neighbours>& neighbours) const {
    if (!settings_.exchange.empty()) return Reason{settings_.exchange, "--exchange says so"};
    if (std::optional<Reason> told = exchange_in(file.path)) return *told;
    // Where the given path names one, it is meant for all of it.
    if (const std::optional<Reason> told = exchange_in(file.given.string())) return *told;
    const auto found = neighbours.find(file.given);
    if (found != neighbours.end() && found->second.size() == 1 && !found->second.begin()->second.only_itself)
      return found->second.begin()->second;
    return refuse(
        fmt::format("{}: its name does not tell which exchange it is of: say --exchange kraken, coinbase or "
                    "binance",
                    file.path));
  }

  const SurveySettings& settings_;
  const std::function<bool()>& stopped_;
  std::vector<Named> named_;
  Survey survey_;
};

}  // namespace

Result<Survey> survey_markets(const SurveySettings& settings, const std::function<bool()>& stopped) {
  return Surveying(settings, stopped).run();
}

}  // namespace candled::files
