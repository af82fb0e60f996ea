#include "ingest/exchange.hpp"

namespace candled::ingest {

void Frame::clear() {
  trades.clear();
  snapshot = false;
  last_trades.clear();
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
