// Why a request is refused before a route is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace galley::http {

enum class RefusalKind : std::uint8_t {
  bad_frame,                // 400
  head_timed_out,           // 408
  target_too_long,          // 414
  expectation_unknown,      // 417: an Expect other than 100-continue
  head_too_large,           // 431
  transfer_coding_unknown,  // 501: a well-formed Transfer-Encoding other than chunked
  version_unsupported,      // 505
};

inline constexpr std::size_t refusal_kinds = 7;

struct Refusal {
  RefusalKind kind = RefusalKind::bad_frame;
  // A whole sentence, constant, safe to show: "A header line ends without a carriage return."
  std::string_view reason;
};

int status_of(RefusalKind kind);
// "bad_frame", …: for logs and metrics.
std::string_view to_text(RefusalKind kind);

}  // namespace galley::http
