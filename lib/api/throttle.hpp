// The scopes of the planner and writer API, each with a limit of its own: per user, or per client address where nobody
// is known. A call of a scope passes while fewer than its limit passed in the 60 seconds before it.
#pragma once

#include <array>
#include <string_view>

#include "api/endpoint_row.hpp"

namespace galley::api {

struct ThrottleScope {
  RateScope scope;
  std::string_view name;
  int per_minute;
  std::string_view about;
};

inline constexpr std::array throttle_scopes = {
    ThrottleScope{RateScope::ai_function, "ai_function", 10, "Generating content, clustering."},
    ThrottleScope{RateScope::image_gen, "image_gen", 15, "Generating images."},
    ThrottleScope{RateScope::content_write, "content_write", 30, "Making and changing content."},
    ThrottleScope{RateScope::content_read, "content_read", 100, "Listing and reading content."},
    ThrottleScope{RateScope::auth, "auth", 20, "Signing in, registering, new tokens."},
    ThrottleScope{RateScope::auth_strict, "auth_strict", 5, "Changing a password."},
    ThrottleScope{RateScope::planner, "planner", 60, "Keywords, clusters, ideas."},
    ThrottleScope{RateScope::planner_ai, "planner_ai", 10, "Clustering keywords, making ideas."},
    ThrottleScope{RateScope::writer, "writer", 60, "Tasks."},
    ThrottleScope{RateScope::writer_ai, "writer_ai", 10, "Generating content of tasks."},
    ThrottleScope{RateScope::system, "system", 100, "Status, prompts, settings."},
    ThrottleScope{RateScope::system_admin, "system_admin", 30, "Users; changes of settings."},
    ThrottleScope{RateScope::billing, "billing", 30, "Credits and their use."},
    ThrottleScope{RateScope::billing_admin, "billing_admin", 10, "Managing credits."},
    ThrottleScope{RateScope::fallback, "default", 100, "Everything else, unknown paths among it."},
};

// Null for a scope of another kind.
constexpr const ThrottleScope* find_throttle(RateScope scope) {
  for (const ThrottleScope& one : throttle_scopes)
    if (one.scope == scope) return &one;
  return nullptr;
}

}  // namespace galley::api
