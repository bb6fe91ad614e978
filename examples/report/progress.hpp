// A line on the terminal that says how far the job is and how long it will take; in a pipe there is none.
#pragma once

#include <chrono>
#include <cstdio>
#include <mutex>

#include <unistd.h>

namespace report {

class progress {
  using clock = std::chrono::steady_clock;

public:
  explicit progress(double work) : work_(work), shown_(isatty(STDERR_FILENO) != 0) {}
  ~progress() {
    if (shown_) {
      std::fputs("\r\033[K", stderr);
    }
  }
  progress(const progress &) = delete;
  progress &operator=(const progress &) = delete;

  void add(double done) {
    const std::scoped_lock lock(mutex_);
    done_ += done;
    const auto now = clock::now();
    if (shown_ && now - last_ > std::chrono::milliseconds(100)) {
      last_ = now;
      const double left = std::chrono::duration<double>(now - begin_).count() * (work_ - done_) / done_;
      std::fprintf(stderr, "\r\033[K%3.0f %%, %.0f s left", 100 * done_ / work_, left);
    }
  }

private:
  double work_, done_ = 0;
  bool shown_;
  clock::time_point begin_ = clock::now(), last_ = begin_;
  std::mutex mutex_;
};

} // namespace report
