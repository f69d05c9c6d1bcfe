#include "domain/audit.hpp"

#include <string_view>

namespace galley {

namespace {

// The length first: else "ab" + "c" and "a" + "bc" would be the same entry.
void append_field(std::string& text, std::string_view field) {
  text += std::to_string(field.size());
  text += ':';
  text += field;
}

}  // namespace

Digest hash_of(const AuditEntry& entry) {
  std::string text(reinterpret_cast<const char*>(entry.previous.data()), entry.previous.size());
  append_field(text, entry.account.text());
  append_field(text, std::to_string(entry.number));
  append_field(text, to_text(entry.action));
  append_field(text, entry.project ? std::string_view(entry.project->text()) : std::string_view());
  append_field(text, entry.subject);
  append_field(text, entry.note);
  append_field(text, entry.actor);
  append_field(text, entry.address);
  append_field(text, entry.request_id);
  append_field(text, std::to_string(entry.created_at.time_since_epoch().count()));
  return sha256(text);
}

}  // namespace galley
