// Every bound of the inbound server. The defaults are what production uses; tests shorten the times.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.hpp"

namespace galley::http {

struct HeadLimits {
  std::size_t bytes = 16 * 1024;  // request line and fields with their line ends
  std::size_t fields = 100;
  std::size_t target = 8 * 1024;  // bytes of the request target
};

struct Limits {
  HeadLimits head;
  // For the whole head, from its first byte (on a new connection: from its acceptance).
  Milliseconds head_time = std::chrono::seconds(10);
  // Between the end of an answer and the first byte of the next request.
  Milliseconds idle_time = std::chrono::seconds(75);
  // A transfer in either direction must stay ahead of this rate, after the grace or the stall time.
  std::size_t bytes_per_second = 1024;
  Milliseconds body_grace = std::chrono::seconds(10);
  Milliseconds write_stall = std::chrono::seconds(30);
  // A body that the handler did not read is read and dropped up to this size; beyond it the connection closes.
  std::size_t unread_body = 64 * 1024;
  // How long a closing connection goes on dropping what the client still sends, so that the answer is not lost to a
  // reset.
  Milliseconds linger_time = std::chrono::seconds(2);
  // Open at once over all threads. At the limit nothing more is accepted (the kernel's queue holds newcomers) and idle
  // connections close.
  std::size_t connections = 10'000;
  // How often deadlines are looked at: no timer is armed for a request. A cut comes up to two ticks late, never early.
  Milliseconds tick = std::chrono::milliseconds(250);
};

}  // namespace galley::http
