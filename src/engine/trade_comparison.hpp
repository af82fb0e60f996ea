// Candles that were revised, or filled in, after the stream had passed them, against the trades that they came of.
#pragma once

#include <functional>

#include "candled/domain/market.hpp"
#include "candled/engine/verify.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

// Counts into report.revised_candles and waiting_candles; told of each that differs. The reader holds one moment of the file.
Result<void> compare_with_trades(const store::Reader& reader, const Market& market, VerifyReport& report,
                                 const std::function<void(Timestamp open_time, const std::string& what)>& differs);

}  // namespace candled::engine
