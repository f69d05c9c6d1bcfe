#include "http/refusal.hpp"

namespace galley::http {

int status_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::bad_frame:
      return 400;
    case RefusalKind::head_timed_out:
      return 408;
    case RefusalKind::target_too_long:
      return 414;
    case RefusalKind::expectation_unknown:
      return 417;
    case RefusalKind::head_too_large:
      return 431;
    case RefusalKind::transfer_coding_unknown:
      return 501;
    case RefusalKind::version_unsupported:
      return 505;
  }
  return 400;
}

std::string_view to_text(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::bad_frame:
      return "bad_frame";
    case RefusalKind::head_timed_out:
      return "head_timed_out";
    case RefusalKind::target_too_long:
      return "target_too_long";
    case RefusalKind::expectation_unknown:
      return "expectation_unknown";
    case RefusalKind::head_too_large:
      return "head_too_large";
    case RefusalKind::transfer_coding_unknown:
      return "transfer_coding_unknown";
    case RefusalKind::version_unsupported:
      return "version_unsupported";
  }
  return "bad_frame";
}

}  // namespace galley::http
