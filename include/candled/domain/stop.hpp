// Stop: what long work asks every few milliseconds of its own time, so that it can end early.
#pragma once

#include <cstddef>
#include <functional>

namespace candled {

// True: nobody wants the result any more. The work returns at once, and what it returns is of no use; the caller, who asks
// the same stop, throws it away. Empty: the work always runs to its end. Called on the thread that does the work, so it must
// be cheap (below a microsecond).
using Stop = std::function<bool()>;

inline bool asked_to(const Stop& stop) { return stop && stop(); }

// Calls each(i) for begin <= i < end and asks the stop before every `stride`-th one; false if it ended early.
template <class Each>
bool until_stopped(std::size_t begin, std::size_t end, std::size_t stride, const Stop& stop, Each each) {
  for (std::size_t i = begin; i < end; ++i) {
    if ((i - begin) % stride == 0 && asked_to(stop)) return false;
    each(i);
  }
  return true;
}

}  // namespace candled
