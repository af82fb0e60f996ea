#include "candled/store/record_stream.hpp"

#include <utility>

#include "store/names.hpp"
#include "store/reading.hpp"
#include "store/record_stream_implementation.hpp"

namespace candled::store {

RecordStream::RecordStream(const std::filesystem::path& path, const MarketTable& markets, RecordPlace after,
                           KeepGoing keep_going)
    : implementation_(reading([&] {
        auto connection = std::make_shared<Connection>(open_snapshot(path));
        const std::vector<std::int64_t> ids = find_markets(*connection, markets);
        return std::make_unique<Implementation>(std::move(connection), ids, std::move(after), std::move(keep_going));
      })) {}
RecordStream::RecordStream(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
RecordStream::~RecordStream() = default;
RecordStream::RecordStream(RecordStream&&) noexcept = default;

std::optional<RecordedEvent> RecordStream::next() {
  return reading([&] { return implementation_->merge.next(); });
}

std::size_t RecordStream::rows_held_max() const { return implementation_->merge.rows_held_max(); }

}  // namespace candled::store
