// The prose at a document's beginning, for excerpts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace galley::content {

// Paragraphs, list items and quotes as plain text in one line, without headings, code and tables; whole blocks until
// there are at least so many bytes.
std::string lead_text(std::string_view markdown, std::size_t bytes);

}  // namespace galley::content
