#include "ingest/exchange.hpp"

#include <array>

namespace candled::ingest {

std::unique_ptr<Exchange> make_kraken(std::vector<std::string> symbols);

namespace {

struct Row {
  std::string_view name;
  std::unique_ptr<Exchange> (*make)(std::vector<std::string> symbols);
};
constexpr std::array table{
    Row{"kraken", make_kraken},
};

}  // namespace

std::unique_ptr<Exchange> make_exchange(std::string_view name, std::vector<std::string> symbols) {
  for (const Row& row : table) {
    if (row.name == name) return row.make(std::move(symbols));
  }
  return nullptr;
}

std::string exchange_names() {
  std::string names;
  for (const Row& row : table) names.append(names.empty() ? "" : ", ").append(row.name);
  return names;
}

void Frame::clear() {
  trades.clear();
  snapshot = false;
  books.clear();
  book_entries.clear();
  replies.clear();
  system.reset();
  system_text.clear();
  bad = 0;
  problem.clear();
}

void Frame::note_bad(std::string_view what) {
  if (bad++ == 0) problem = what;
}

}  // namespace candled::ingest
