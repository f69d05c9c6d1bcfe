// HTML character references (HTML 4's names and those of HTML 5 that stand for ASCII punctuation and white space).
#pragma once

#include <string>
#include <string_view>

namespace galley::content {

// The text of one whole reference, "&eacute;", "&#233;" or "&#xe9;", as UTF-8. Empty where it is none that is known.
// U+0000, surrogates and values beyond U+10FFFF become U+FFFD; 0x80 to 0x9F are read as Windows-1252, as browsers do.
std::string decode_entity(std::string_view reference);

// Every reference in the text replaced. Numbers need no semicolon, as in browsers; names do. The rest stays as it is.
std::string decode_entities(std::string_view text);

// & < > " ' as references: safe in text and in quoted attributes.
std::string escape_html(std::string_view text);
void append_escaped_html(std::string& out, std::string_view text);

}  // namespace galley::content
