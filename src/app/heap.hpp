// Heap: what the daemon holds of the system's memory. Trainings, catch-ups and rebuilds need much for a short while.
#pragma once

namespace candled::app {

// Once, before the first thread: blocks of a megabyte and more come from the system and go back to it when they are freed,
// and so does the free end of a heap. (By itself the C library learns from large blocks to keep ever larger ones.)
void keep_heap_small();

// Gives back whole pages that are free anywhere. Some milliseconds, for which a thread that allocates may have to wait: on a
// thread of normal priority, since one that gets no processor would keep the others waiting.
void return_free_heap();

}  // namespace candled::app
