// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/trainer.hpp"

#include "caton/base/safetensors.hpp"
#include "caton/nn/functions.hpp"
#include "caton/nn/tensors.hpp"
#include "golden_test.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace caton;
using namespace caton::nn;
using namespace caton::testing;

namespace {

constexpr const char* folder_variable = "CATON_TEST_TRAINING_FOLDER";
constexpr const char* child_case = "child: a training that its parent kills";

/// A small network with dropout, 40 epochs of 8 steps.
struct SmallTraining {
  Parameters parameters{{{"first", {16, 6}}, {"second", {3, 16}}, {"bias", {3}}}};
  TrainingRecipe recipe{.epochs = 40,
                        .batch = 16,
                        .late_batch = 10,
                        .late_from_epoch = 20,
                        .adam = {.weight_decay = 1e-3},
                        .schedule = "plateau",
                        .loss = {.label_smoothing = 0.1},
                        .average = 0.9,
                        .save_every_s = 0};
  TrainingData data;

  SmallTraining() {
    RandomStream random(3, "small training");
    std::vector<float> x;
    std::vector<std::int64_t> y;
    for (std::int64_t i = 0; i < 120; ++i) {
      y.push_back(i % 3);
      for (int j = 0; j < 6; ++j) x.push_back(static_cast<float>(random.normal() + (j == i % 3 ? 1.5 : 0)));
    }
    for (float& value : parameters.values()) value = static_cast<float>(0.3 * random.normal());
    data = {.x = to_torch(Tensor({120, 6}, x)), .y = to_torch(Tensor::vector(y)), .weight = {}};
  }

  std::string run(const std::optional<Path>& folder) {
    FitRecord record;
    FitContext context{.random = RandomStream(1, "test"), .record = &record, .state_folder = folder};
    const auto forward = [&](const at::Tensor& x, const RandomStream& random) {
      const at::Tensor hidden = nn::gelu(nn::linear(x, parameters.at("first")), {0.2, random});
      return nn::linear(hidden, parameters.at("second"), parameters.at("bias"));
    };
    train({parameters, forward}, data, recipe, "key", context);
    Safetensors all;
    all.tensors = parameters.tensors();
    for (const Json& row : record.curve) all.metadata["curve"] += row.dump();
    return safetensors_bytes(all);
  }
};

/// This very program again, running only the child's test case.
pid_t start_child(const Path& folder) {
  const pid_t child = fork();
  if (child != 0) return child;
  setenv(folder_variable, folder.c_str(), 1);
  const std::string choose = std::string("--test-case=") + child_case;
  execl("/proc/self/exe", "caton_nn_tests", choose.c_str(), "--no-skip", "--no-intro", "--minimal", nullptr);
  _exit(127);
}

/// Waits until the child has ended, or has written its state anew.
bool progressed(pid_t child, const Path& state, std::filesystem::file_time_type before, int& status) {
  for (;;) {
    if (waitpid(child, &status, WNOHANG) == child) return false;
    std::error_code none;
    const auto now = std::filesystem::last_write_time(state, none);
    if (!none && now != before) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

TEST_SUITE("networks") {
  TEST_CASE("child: a training that its parent kills" * doctest::skip()) {
    const char* const folder = std::getenv(folder_variable);
    if (folder == nullptr) return;
    const std::string bytes = SmallTraining().run(Path(folder));
    write_file(Path(folder) / "result", bytes);
  }

  TEST_CASE("R17 training: killed at 20 random moments, the same bytes in the end") {
    const Path folder = scratch("training-kill");
    const Path state = folder / "training.safetensors";
    RandomStream random(static_cast<std::uint64_t>(getpid()), "moments");
    int kills = 0;
    for (; kills < 20; ++kills) {
      std::error_code none;
      const auto before = std::filesystem::last_write_time(state, none);
      int status = 0;
      const pid_t child = start_child(folder);
      REQUIRE(child > 0);
      if (!progressed(child, state, before, status)) break;
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(30'000)));
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      if (WIFEXITED(status)) break;
    }
    // The last child ends by itself.
    int status = 0;
    const pid_t child = start_child(folder);
    waitpid(child, &status, 0);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      CHECK(entry.path().filename().string().find("partial") == std::string::npos);
    MESSAGE(kills << " children were killed");
    CHECK(kills >= 5);
    const MappedFile result(folder / "result");
    const std::string whole = SmallTraining().run({});
    CHECK(text_of(result.bytes()) == whole);
    CHECK(SmallTraining().run(scratch("training-alone")) == whole);
  }

  TEST_CASE("training: a state that cannot be read is not taken up") {
    const Path folder = scratch("training-damaged");
    const std::string whole = SmallTraining().run(folder);
    write_file(folder / "training.safetensors", "not a state");
    CHECK(SmallTraining().run(folder) == whole);
  }

  TEST_CASE("training: a loss that is not finite is refused") {
    SmallTraining training;
    training.recipe.adam.learning_rate = 1e30;
    const Error error = error_of([&] { training.run({}); });
    CHECK(error.kind() == ErrorKind::check);
    CHECK(std::string(error.what()).find("finite") != std::string::npos);
  }

  TEST_CASE("cosine schedule: from start to minimum, halfway between") {
    const CosineSchedule schedule{.start = 1e-3, .minimum = 1e-6, .period = 300};
    CHECK(schedule.at(0) == doctest::Approx(1e-3).epsilon(1e-12));
    CHECK(schedule.at(150) == doctest::Approx(0.5005e-3).epsilon(1e-9));
    CHECK(schedule.at(300) == doctest::Approx(1e-6).epsilon(1e-9));
  }
}
