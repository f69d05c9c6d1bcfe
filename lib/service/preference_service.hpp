// Prompts and settings of an account.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/preferences.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

// What is asked where an account chose nothing of its own.
std::string_view default_prompt(PromptType type);

struct Prompt {
  PromptType type = PromptType::content_generation;
  std::string text;
  bool chosen = false;  // the account's own
};

// Settings with the number of the site.
struct NumberedSettings {
  std::string account_name;
  std::optional<std::int64_t> default_site{};
  int default_word_count = 1200;
};

class PreferenceService {
 public:
  static constexpr std::size_t max_prompt = 10'000;  // code points

  explicit PreferenceService(const Context& context) : context_(context) {}

  // All types, in the order of their names' table.
  Result<std::vector<Prompt>> prompts(const Actor& actor) const;
  Result<Prompt> prompt(const Actor& actor, PromptType type) const;
  Task<Result<Prompt>> set_prompt(Actor actor, PromptType type, std::string text) const;
  Task<Result<Prompt>> reset_prompt(Actor actor, PromptType type) const;

  Result<NumberedSettings> settings(const Actor& actor) const;
  using Edit = std::function<Result<void>(NumberedSettings&)>;
  // edit runs in the transaction; it does not change the account's name.
  Task<Result<NumberedSettings>> update_settings(Actor actor, Edit edit) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
