// Heads with the verdict that the framing gate must give: one table for the gate alone and for the whole server.
#pragma once

#include <string>
#include <vector>

namespace galley::http::test {

struct Probe {
  std::string name;
  std::string bytes;
  std::string verdict;  // "passes", or the refusal's kind
};

std::vector<Probe> request_line_probes();
std::vector<Probe> target_probes();
std::vector<Probe> host_probes();
std::vector<Probe> field_probes();
std::vector<Probe> length_probes();
std::vector<Probe> size_probes();
std::vector<Probe> all_probes();

}  // namespace galley::http::test
