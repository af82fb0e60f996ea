// Texts within HTML.
#pragma once

#include <string>
#include <string_view>

namespace candled::report {

std::string html_text(std::string_view text);  // & < > " ' escaped

// JSON that can stand within a <script>: no text in it can end the element or open a comment.
std::string script_json(std::string_view json);

}  // namespace candled::report
