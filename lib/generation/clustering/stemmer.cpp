#include "generation/clustering/stemmer.hpp"

#include <libstemmer.h>

#include <cstddef>
#include <new>
#include <utility>

namespace galley::generation {
namespace {

// ISO 639 to Snowball's name. Not "porter", which is English once more, and older.
constexpr std::pair<std::string_view, const char*> algorithms[] = {
    {"ar", "arabic"},    {"hy", "armenian"},   {"eu", "basque"},    {"ca", "catalan"},    {"da", "danish"},
    {"nl", "dutch"},     {"en", "english"},    {"fi", "finnish"},   {"fr", "french"},     {"de", "german"},
    {"el", "greek"},     {"hi", "hindi"},      {"hu", "hungarian"}, {"id", "indonesian"}, {"ga", "irish"},
    {"it", "italian"},   {"lt", "lithuanian"}, {"ne", "nepali"},    {"no", "norwegian"},  {"nb", "norwegian"},
    {"nn", "norwegian"}, {"pt", "portuguese"}, {"ro", "romanian"},  {"ru", "russian"},    {"sr", "serbian"},
    {"es", "spanish"},   {"sv", "swedish"},    {"ta", "tamil"},     {"tr", "turkish"},    {"yi", "yiddish"}};

}  // namespace

void Stemmer::Close::operator()(sb_stemmer* stemmer) const {
  sb_stemmer_delete(stemmer);
}

Stemmer::Stemmer(std::string_view primary_language) {
  for (const auto& [code, name] : algorithms) {
    if (code != primary_language) continue;
    rules_.reset(sb_stemmer_new(name, "UTF_8"));
    // Every Snowball of the last ten years has these; what is missing then is memory.
    if (rules_ == nullptr) throw std::bad_alloc();
  }
}

std::string Stemmer::stem(std::string_view folded) {
  if (rules_ == nullptr || folded.empty()) return std::string(folded);
  const auto* letters = reinterpret_cast<const sb_symbol*>(folded.data());
  const sb_symbol* stem = sb_stemmer_stem(rules_.get(), letters, static_cast<int>(folded.size()));
  if (stem == nullptr) throw std::bad_alloc();
  const auto length = static_cast<std::size_t>(sb_stemmer_length(rules_.get()));
  // A rule may take everything away from a short word.
  return length == 0 ? std::string(folded) : std::string(reinterpret_cast<const char*>(stem), length);
}

}  // namespace galley::generation
