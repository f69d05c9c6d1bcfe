// What an account's people chose for all their work: the words that models are asked with, and what is taken where a
// request does not say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "domain/identity.hpp"

namespace galley {

enum class PromptType : std::uint8_t { clustering, ideas, content_generation, image_prompt };

template <>
struct Names<PromptType> {
  static constexpr NameOf<PromptType> all[] = {{PromptType::clustering, "clustering"},
                                               {PromptType::ideas, "ideas"},
                                               {PromptType::content_generation, "content_generation"},
                                               {PromptType::image_prompt, "image_prompt"}};
};

struct Settings {
  std::optional<ProjectId> default_site{};  // nothing: the account's first
  int default_word_count = 1200;
};

class Preferences {
 public:
  virtual ~Preferences() = default;

  // Those that were chosen; the others have their defaults.
  virtual Result<std::map<PromptType, std::string>> prompts(const AccountId& account) const = 0;
  virtual Result<void> set_prompt(const AccountId& account, PromptType type, const std::string& text, Time now) = 0;
  virtual Result<void> reset_prompt(const AccountId& account, PromptType type) = 0;

  virtual Result<Settings> settings(const AccountId& account) const = 0;
  virtual Result<void> set_settings(const AccountId& account, const Settings& settings) = 0;
};

}  // namespace galley
