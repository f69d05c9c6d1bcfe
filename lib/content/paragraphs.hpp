// WordPress' classic editor stores text without paragraphs: blank lines stand for them, and they are added when a page
// is shown.
#pragma once

#include <string>

namespace galley::content {

// Puts what stands between blank lines into <p>, and line breaks into <br>, as WordPress' wpautop does; what begins
// with a block's tag stays, as does all within <pre>. HTML of the block editor is returned as it is.
std::string add_paragraphs(std::string html);

}  // namespace galley::content
