// A change of the master key while the store is in use. Killed at any instant, nothing is lost: the key file holds both
// keys from before the first value is sealed with the new one until after the last one was, and the next call goes on.
#pragma once

#include <cstdint>
#include <functional>

#include "domain/store.hpp"
#include "storage/data_folder.hpp"
#include "storage/key_file.hpp"
#include "storage/sealed_values.hpp"

namespace galley::storage {

enum class KeyOrigin : std::uint8_t {
  file,  // secret.key, which the rotation rewrites
  given  // the operator puts the new key in front of the old one and takes that away afterwards
};

enum class RotationStep : std::uint8_t { key_written, key_in_use, batch_sealed, all_sealed, old_key_dropped };

struct Rotation {
  bool resumed = false;       // an earlier one had not come to its end
  std::int64_t values = 0;    // sealed ones
  std::int64_t resealed = 0;  // of them, by this call
};

class KeyRotation {
 public:
  using Body = std::function<Result<void>(Transaction&)>;
  // Runs a body on the writer's thread and waits for its commit.
  using Write = std::function<Result<void>(Body)>;
  // Hears of each step when it is done; an error ends the rotation there.
  using Watch = std::function<Result<void>(RotationStep)>;

  // connection is the writer's. All of them outlive this.
  KeyRotation(const std::filesystem::path& folder, Connection& connection, Sealer& sealer, Write write, Watch watch)
      : folder_(folder), connection_(connection), sealer_(sealer), write_(std::move(write)), watch_(std::move(watch)) {}

  // Not on the writer's thread, and one at a time. conflict, in words for the operator, where there is nothing to
  // rotate to, and where a value opens with no key: then the old keys stay.
  Result<Rotation> run(KeyOrigin origin);

 private:
  Result<KeyRing> next_ring(Rotation& rotation);
  Result<void> reseal(Rotation& rotation);
  Result<SealedSurvey> reseal_column(const SealedColumn& column);

  const std::filesystem::path& folder_;
  Connection& connection_;
  Sealer& sealer_;
  Write write_;
  Watch watch_;
};

}  // namespace galley::storage
