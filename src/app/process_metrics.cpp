#include "app/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "candled/flow/clock.hpp"
#include "candled/flow/version.hpp"

namespace candled::app {
namespace {

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double total_pages = 0, resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double processor_seconds() {
  struct rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// The first number of schedstat: nanoseconds on a processor. A thread is named after what it runs, so this is how long each
// station (or the line of them, as [threads] says) was busy.
server::Metric thread_times() {
  server::Metric metric{
      "candled_thread_busy_seconds_total", "Processor time of each thread", server::MetricKind::counter, {}};
  std::map<std::string, double> seconds;
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
    std::ifstream name_file(task.path() / "comm"), time_file(task.path() / "schedstat");
    std::string name;
    double busy_ns = 0;
    if (std::getline(name_file, name) && time_file >> busy_ns) seconds[name] += busy_ns / 1e9;
  }
  for (const auto& [name, busy] : seconds) metric.samples.push_back({{{"thread", name}}, busy, {}});
  return metric;
}

double seconds_now() { return static_cast<double>(flow::wall_now().ns) / 1e9; }

}  // namespace

std::vector<server::Metric> process_metrics() {
  static const double started = seconds_now();
  server::Metric build{"candled_build_info", "1; what was built", server::MetricKind::gauge, {}};
  build.samples.push_back({{{"version", flow::program_version()}, {"compiler", "g++ " __VERSION__}}, 1, {}});
  server::Metric processor{"process_cpu_seconds_total", "Processor time used", server::MetricKind::counter, {}};
  processor.samples.push_back({{}, processor_seconds(), {}});
  return {std::move(build), std::move(processor), thread_times(),
          server::gauge_metric("process_resident_memory_bytes", "Memory held", resident_bytes()),
          server::gauge_metric("process_start_time_seconds", "When the process started", started)};
}

}  // namespace candled::app
