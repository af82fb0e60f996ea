// Metrics that the server makes itself: from what is committed, and from its own connections.
#pragma once

#include <vector>

#include "candled/server/metric.hpp"
#include "server/journal_watch.hpp"
#include "server/routes.hpp"

namespace candled::server {

std::vector<Metric> journal_metrics(const JournalWatch& watch, const store::ViewReader::FileSizes& sizes);
std::vector<Metric> http_metrics(const HttpStatistics& http);

}  // namespace candled::server
