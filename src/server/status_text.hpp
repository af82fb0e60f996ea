// The essentials of a running daemon for a terminal: what `candled status` prints.
#pragma once

#include <string>

#include "candled/server/server.hpp"
#include "candled/store/view_reader.hpp"
#include "server/journal_watch.hpp"

namespace candled::server {

struct StatusFacts {
  const std::string& version;
  bool simulated;
  Duration uptime;
  const Health& health;
  const store::JournalSummary& summary;
  const store::LastCommit& last;
  const store::ViewReader::FileSizes& sizes;
  const JournalWatch& watch;
};

std::string status_text(const StatusFacts& facts);

}  // namespace candled::server
