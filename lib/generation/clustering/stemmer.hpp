// Stems of words by Snowball's rules.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace galley::generation {

// One thread.
class Stemmer {
 public:
  // Of a language without rules every word is its own stem.
  explicit Stemmer(std::string_view primary_language);

  // folded: a word with its accents, since the rules know them.
  std::string stem(std::string_view folded);

 private:
  struct Close {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Close> rules_;
};

}  // namespace galley::generation
