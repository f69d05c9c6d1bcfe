// What needs Unicode's tables (ICU): comparing what people typed. Input is well-formed UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace galley {

// NFKC, full case folding, runs of white space folded to one space, ends trimmed: two keywords are the same when this
// is.
std::string fold_text(std::string_view text);
// NFC, runs of white space (line breaks too) folded to one space, ends trimmed, control characters dropped: how a
// one-line text is stored.
std::string tidy_line(std::string_view text);

}  // namespace galley
