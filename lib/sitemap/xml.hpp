// XML text, appended to a buffer.
#pragma once

#include <string>
#include <string_view>

namespace galley::sitemap {

// Appends text escaped for an element or an attribute in either quote. What XML 1.0 has no form for is left out
// (control characters, U+FFFE, U+FFFF), and ill-formed UTF-8 becomes U+FFFD: the result is well-formed whatever the
// text.
void append_escaped(std::string& out, std::string_view text);

}  // namespace galley::sitemap
