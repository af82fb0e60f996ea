// What a RecordStream owns: a share of the connection with its snapshot, and the merge.
#pragma once

#include <memory>
#include <span>
#include <utility>

#include "candled/store/record_stream.hpp"
#include "store/record_merge.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class RecordStream::Implementation {
 public:
  Implementation(std::shared_ptr<const Connection> snapshot, std::span<const std::int64_t> ids, RecordPlace after,
                 KeepGoing keep_going)
      : connection(std::move(snapshot)), merge(*connection, ids, std::move(after), std::move(keep_going)) {}

  const std::shared_ptr<const Connection> connection;
  RecordMerge merge;
};

}  // namespace candled::store
