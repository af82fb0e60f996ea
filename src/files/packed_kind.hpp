// PackedKind: what a file is that is no text of rows, by its first bytes, and what to do with it.
#pragma once

#include <string>
#include <string_view>

namespace candled::files {

// "is packed with bzip2: unpack it first: bunzip2 a.csv.bz2"; empty for what may be rows. `within`: a member of an archive.
std::string packed_kind(std::string_view front, std::string_view name, bool within);

}  // namespace candled::files
