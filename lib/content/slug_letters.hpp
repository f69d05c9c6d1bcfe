// Titles to the words of a slug: transliteration with the rules of each language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace galley::content {

// "de" of "de-AT" or "DE_at".
std::string primary_language(std::string_view language);

// Lower-case words of a-z and 0-9; of letters and digits where the text is Japanese, Arabic or Hebrew in script.
std::vector<std::string> slug_words(std::string_view title, std::string_view primary_language);

}  // namespace galley::content
