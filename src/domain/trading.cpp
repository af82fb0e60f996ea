#include "candled/domain/trading.hpp"

#include "candled/domain/enum_names.hpp"

namespace candled {

std::string_view text_of(FillReason reason) { return to_text(reason); }
std::string_view text_of(OrderEnd end) { return to_text(end); }

}  // namespace candled
