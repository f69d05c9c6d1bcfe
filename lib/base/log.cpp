#include "base/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>
#include <thread>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace galley {
namespace {

constexpr std::size_t max_queued = 8U << 20;
constexpr std::size_t max_text = 16U << 10;  // of one value
// After so many waits without progress while the process stops, what is left is given up.
constexpr int wait_milliseconds = 100;
// Between two looks at what waits: a line is at most so much late.
constexpr std::chrono::milliseconds rest{5};
constexpr int max_waits_at_stop = 20;

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

// Beyond what JSON escapes: DEL, the C1 controls (U+0080 to U+009F) and U+2028/2029, which terminals and viewers act
// on.
bool is_control(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
  if (sequence.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  return sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9";
}

void append_escape(std::string& out, std::string_view sequence) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (sequence == "\n") {
    out += "\\n";
  } else if (sequence.size() == 3) {
    out += sequence.back() == '\xA8' ? "\\u2028" : "\\u2029";
  } else {
    const auto byte = static_cast<unsigned char>(sequence.back());  // of C1, the second byte is the code point
    out += {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
  }
}

// In double quotes, with JSON's escapes: both formats read it.
void append_quoted(std::string& out, std::string_view text) {
  const bool cut = text.size() > max_text;
  if (cut) text = text.substr(0, max_text);
  out += '"';
  while (!text.empty()) {
    const Utf8Sequence sequence = first_utf8_sequence(text);
    const std::string_view bytes = text.substr(0, sequence.length);
    if (!sequence.well_formed) {
      out += "\xEF\xBF\xBD";
    } else if (is_control(bytes)) {
      append_escape(out, bytes);
    } else {
      if (bytes == "\"" || bytes == "\\") out += '\\';
      out += bytes;
    }
    text.remove_prefix(sequence.length);
  }
  out += cut ? "…\"" : "\"";
}

bool is_bare(std::string_view text) {
  return !text.empty() && text.size() <= max_text && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
  });
}

class Line {
 public:
  Line(std::string& out, LogFormat format) : out_(out), format_(format) {}

  void begin(Time time, LogLevel level, std::string_view message) {
    out_ += format_ == LogFormat::json ? "{\"time\":" : "time=";
    put(to_rfc3339(time));
    name("level");
    put(name_of(level));
    name("message");
    append_quoted(out_, message);
  }

  void field(const LogField& field) {
    name(field.name);
    visit([this](auto value) { put(value); }, field.value);
  }

  void end() { out_ += format_ == LogFormat::json ? "}\n" : "\n"; }

 private:
  void name(std::string_view name) {
    if (format_ == LogFormat::json) {
      out_ += ",\"";
      out_ += name;
      out_ += "\":";
    } else {
      out_ += ' ';
      out_ += name;
      out_ += '=';
    }
  }

  void put(std::string_view text) {
    if (format_ == LogFormat::logfmt && is_bare(text)) {
      out_ += text;
    } else {
      append_quoted(out_, text);
    }
  }
  void put(std::int64_t value) { json::Writer(out_).value(value); }
  void put(double value) { json::Writer(out_).value(value); }
  void put(bool value) { json::Writer(out_).value(value); }

  std::string& out_;
  LogFormat format_;
};

std::uint64_t count_lines(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

struct Log::Queue {
  Queue(const Clock& clock, int descriptor, LogFormat format)
      : clock_(clock), descriptor_(descriptor), format_(format), piece_(piece_of(descriptor)) {
    // Signals belong to the threads that wait for them; blocked here, SIGPIPE becomes EPIPE.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  ~Queue() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void lose() {
    const std::lock_guard lock(mutex_);
    ++lost_;
  }

  void push(std::string_view line) {
    bool sleeps = false;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() + line.size() > max_queued) {
        ++lost_;
        return;
      }
      sleeps = waiting_.empty() && !resting_;
      waiting_ += line;
    }
    if (sleeps) wake_.notify_one();
  }

 private:
  // A pipe or terminal that poll() calls writable takes PIPE_BUF bytes without blocking; a file takes anything.
  static std::size_t piece_of(int descriptor) {
    struct stat status{};
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? max_queued : PIPE_BUF;
  }

  void run() {
    std::string batch;
    for (bool last = false; !last;) {
      std::uint64_t lost = 0;
      {
        std::unique_lock lock(mutex_);
        // Under load lines come by the ten thousand a second, and waking this thread for each costs more than the line.
        resting_ = true;
        wake_.wait_for(lock, rest, [this] { return stopping_; });
        resting_ = false;
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        batch.clear();
        batch.swap(waiting_);
        lost = std::exchange(lost_, 0);
        last = stopping_;
      }
      std::uint64_t untold = lost != 0 && !append_loss(batch, lost) ? lost : 0;
      untold += count_lines(write_all(batch));
      if (untold == 0) continue;
      const std::lock_guard lock(mutex_);
      lost_ += untold;
    }
  }

  // False where memory is too short to tell; this thread goes on, and tells it later.
  bool append_loss(std::string& batch, std::uint64_t lost) const {
    const std::size_t before = batch.size();
    try {
      Line line(batch, format_);
      line.begin(clock_.now(), LogLevel::warning, "log lines lost");
      line.field({"count", static_cast<std::int64_t>(lost)});
      line.end();
      return true;
    } catch (const std::bad_alloc&) {
      batch.resize(before);
      return false;
    }
  }

  bool is_stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  // Waits for room first, so that a blocked terminal cannot keep the process from ending. Gives back what was not
  // written.
  std::string_view write_all(std::string_view text) {
    for (int waits = 0; !text.empty();) {
      pollfd wanted{.fd = descriptor_, .events = POLLOUT, .revents = 0};
      const int ready = poll(&wanted, 1, wait_milliseconds);
      if (ready <= 0) {
        if (ready < 0 && errno != EINTR) return text;
        if (!is_stopping()) continue;
        if (++waits == max_waits_at_stop) return text;
        continue;
      }
      const ssize_t written = ::write(descriptor_, text.data(), piece(text));
      if (written < 0) {
        if (errno == EINTR || errno == EAGAIN) continue;
        return text;
      }
      text.remove_prefix(static_cast<std::size_t>(written));
      waits = 0;
    }
    return text;
  }

  // Whole lines where they fit, so that those of other processes on the same pipe do not fall between.
  std::size_t piece(std::string_view text) const {
    if (text.size() <= piece_) return text.size();
    const std::size_t end = text.rfind('\n', piece_ - 1);
    return end == std::string_view::npos ? piece_ : end + 1;
  }

  const Clock& clock_;
  const int descriptor_;
  const LogFormat format_;
  const std::size_t piece_;
  std::mutex mutex_;  // guards the four below
  std::string waiting_;
  std::uint64_t lost_ = 0;
  bool stopping_ = false;
  bool resting_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

Log::Log(const Clock& clock, int descriptor, LogLevel level, LogFormat format)
    : level_(level), format_(format), clock_(clock) {
  if (descriptor >= 0) queue_ = std::make_unique<Queue>(clock, descriptor, format);
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!queue_ || !enabled(level)) return;
  // Put together before the lock is taken, in memory that stays with the thread.
  thread_local std::string text;
  try {
    text.clear();
    Line line(text, format_);
    line.begin(clock_.now(), level, message);
    for (const LogField& field : fields)
      line.field(field);
    line.end();
    queue_->push(text);
  } catch (const std::bad_alloc&) {
    // Whoever writes a line has other things to end.
    queue_->lose();
  }
}

}  // namespace galley
