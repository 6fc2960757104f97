// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// caton-write-hdf5 KIND FILE …: makes the HDF5 files that tests read.
//   dreamer FILE SUBJECTS TRIALS BASELINE SAMPLES FORM   a DREAMER.mat of MATLAB 7.3; FORM cell or structs
//   kinds FILE                                           one small value of every kind, plain and MATLAB's

#include <hdf5.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr hsize_t user_block = 512;

/// The same numbers as in study_files.hpp.
int made_value(int subject, int trial, int channel, int sample) {
  return (subject * 7 + trial * 13 + channel * 5 + sample * 31 + sample / 8 * channel) % 251;
}
double made_rating(int subject, int trial, int dimension) { return 1 + (subject + 2 * trial + dimension) % 5; }

void set_class(hid_t object, const char* name) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, std::char_traits<char>::length(name));
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = H5Acreate2(object, "MATLAB_class", type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, name);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

void set_whole(hid_t object, const char* name, std::int64_t value) {
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = H5Acreate2(object, name, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, H5T_NATIVE_INT64, &value);
  H5Aclose(attribute);
  H5Sclose(space);
}

hid_t make_dataset(hid_t place, const std::string& name, const std::vector<hsize_t>& shape, hid_t stored, hid_t memory,
                   const void* values, bool packed = false) {
  const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  if (packed) {
    H5Pset_chunk(creation, static_cast<int>(shape.size()), shape.data());
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, 1);
  }
  const hid_t dataset = H5Dcreate2(place, name.c_str(), stored, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  H5Pclose(creation);
  H5Sclose(space);
  return dataset;
}

/// Writes what MATLAB 7.3 writes: dimensions reversed, cells as references into #refs#.
class MatlabFile {
 public:
  explicit MatlabFile(const std::string& path) : path_(path) {
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(creation, user_block);
    file_ = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT);
    H5Pclose(creation);
    parts_ = H5Gcreate2(file_, "#refs#", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  }
  ~MatlabFile() {
    H5Gclose(parts_);
    H5Fclose(file_);
    std::string head = "MATLAB 7.3 MAT-file, made by a test";
    head.resize(user_block, ' ');
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.write(head.data(), static_cast<std::streamsize>(head.size()));
  }
  MatlabFile(const MatlabFile&) = delete;
  MatlabFile& operator=(const MatlabFile&) = delete;

  hid_t root() const { return file_; }
  hid_t parts() const { return parts_; }
  std::string new_part() { return "p" + std::to_string(count_++); }

  /// rows x columns, down the columns.
  void numbers(hid_t place, const std::string& name, hsize_t rows, hsize_t columns, const std::vector<double>& values) {
    const hid_t dataset = make_dataset(place, name, {columns, rows}, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data(),
                                       values.size() > 1000);
    set_class(dataset, "double");
    H5Dclose(dataset);
  }
  void text(hid_t place, const std::string& name, const std::string& ascii) {
    const std::vector<std::uint16_t> codes(ascii.begin(), ascii.end());
    const hid_t dataset = make_dataset(place, name, {codes.size(), 1}, H5T_STD_U16LE, H5T_NATIVE_UINT16, codes.data());
    set_class(dataset, "char");
    H5Dclose(dataset);
  }
  /// A cell of rows x columns, or (without a class) one field of a struct array.
  void references(hid_t place, const std::string& name, hsize_t rows, hsize_t columns,
                  const std::vector<std::string>& parts, bool cell) {
    std::vector<hobj_ref_t> targets(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      H5Rcreate(&targets[i], file_, ("/#refs#/" + parts[i]).c_str(), H5R_OBJECT, -1);
    }
    const hid_t dataset = make_dataset(place, name, {columns, rows}, H5T_STD_REF_OBJ, H5T_STD_REF_OBJ, targets.data());
    if (cell) set_class(dataset, "cell");
    H5Dclose(dataset);
  }
  hid_t group(hid_t place, const std::string& name) {
    const hid_t group = H5Gcreate2(place, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    set_class(group, "struct");
    return group;
  }

 private:
  std::string path_;
  hid_t file_ = -1, parts_ = -1;
  int count_ = 0;
};

class Dreamer {
 public:
  Dreamer(const std::string& path, int subjects, int trials, int baseline, int samples)
      : file_(path), subjects_(subjects), trials_(trials), baseline_(baseline), samples_(samples) {}

  void write(bool structs) {
    const hid_t top = file_.group(file_.root(), "DREAMER");
    file_.numbers(top, "EEG_SamplingRate", 1, 1, {128});
    std::vector<std::string> names;
    for (const char* const name :
         {"AF3", "F7", "F3", "FC5", "T7", "P7", "O1", "O2", "P8", "T8", "FC6", "F4", "F8", "AF4"}) {
      names.push_back(file_.new_part());
      file_.text(file_.parts(), names.back(), name);
    }
    file_.references(top, "EEG_Electrodes", 1, names.size(), names, true);
    if (structs) {
      struct_array(top);
    } else {
      cell(top);
    }
    H5Gclose(top);
  }

 private:
  static constexpr std::array<const char*, 3> scores{"ScoreValence", "ScoreArousal", "ScoreDominance"};

  std::string signal(int subject, int trial, int samples) {
    std::vector<double> values;
    for (int c = 0; c < 14; ++c) {
      for (int i = 0; i < samples; ++i) values.push_back(made_value(subject, trial, c, i));
    }
    const std::string part = file_.new_part();
    file_.numbers(file_.parts(), part, static_cast<hsize_t>(samples), 14, values);
    return part;
  }
  void eeg(hid_t place, const std::string& name, int subject) {
    std::vector<std::string> baseline, stimuli;
    for (int t = 0; t < trials_; ++t) {
      baseline.push_back(signal(subject, t + 100, baseline_));
      stimuli.push_back(signal(subject, t, samples_));
    }
    const hid_t group = file_.group(place, name);
    file_.references(group, "baseline", static_cast<hsize_t>(trials_), 1, baseline, true);
    file_.references(group, "stimuli", static_cast<hsize_t>(trials_), 1, stimuli, true);
    H5Gclose(group);
  }
  void ratings(hid_t place, const std::string& name, int subject, int dimension) {
    std::vector<double> values;
    for (int t = 0; t < trials_; ++t) values.push_back(made_rating(subject, t, dimension));
    file_.numbers(place, name, static_cast<hsize_t>(trials_), 1, values);
  }
  void cell(hid_t top) {
    std::vector<std::string> people;
    for (int s = 0; s < subjects_; ++s) {
      people.push_back(file_.new_part());
      const hid_t person = file_.group(file_.parts(), people.back());
      eeg(person, "EEG", s);
      for (int d = 0; d < 3; ++d) ratings(person, scores[static_cast<std::size_t>(d)], s, d);
      H5Gclose(person);
    }
    file_.references(top, "Data", 1, static_cast<hsize_t>(subjects_), people, true);
  }
  void struct_array(hid_t top) {
    const hid_t data = file_.group(top, "Data");
    std::vector<std::string> signals;
    for (int s = 0; s < subjects_; ++s) {
      signals.push_back(file_.new_part());
      eeg(file_.parts(), signals.back(), s);
    }
    file_.references(data, "EEG", 1, static_cast<hsize_t>(subjects_), signals, false);
    for (int d = 0; d < 3; ++d) {
      std::vector<std::string> columns;
      for (int s = 0; s < subjects_; ++s) {
        columns.push_back(file_.new_part());
        ratings(file_.parts(), columns.back(), s, d);
      }
      file_.references(data, scores[static_cast<std::size_t>(d)], 1, static_cast<hsize_t>(subjects_), columns, false);
    }
    H5Gclose(data);
  }

  MatlabFile file_;
  int subjects_, trials_, baseline_, samples_;
};

void write_kinds(const std::string& path) {
  MatlabFile file(path);
  const hid_t root = file.root();
  file.text(root, "text", "hello");
  const std::vector<std::uint64_t> none{0, 3};
  const hid_t empty = make_dataset(root, "empty", {2}, H5T_STD_U64LE, H5T_NATIVE_UINT64, none.data());
  set_class(empty, "double");
  set_whole(empty, "MATLAB_empty", 1);
  H5Dclose(empty);
  const std::vector<std::uint8_t> flags{1, 0};
  const hid_t logical = make_dataset(root, "logical", {2, 1}, H5T_STD_U8LE, H5T_NATIVE_UINT8, flags.data());
  set_class(logical, "logical");
  H5Dclose(logical);
  const std::vector<std::int16_t> big{1, -2, 3, -4, 5, -6};
  const hid_t whole = make_dataset(root, "big_endian", {3, 2}, H5T_STD_I16BE, H5T_NATIVE_INT16, big.data());
  set_class(whole, "int16");
  H5Dclose(whole);
  const hid_t pair = H5Tcreate(H5T_COMPOUND, 16);
  H5Tinsert(pair, "real", 0, H5T_NATIVE_DOUBLE);
  H5Tinsert(pair, "imag", 8, H5T_NATIVE_DOUBLE);
  const std::vector<double> parts{1, 2, 3, -4};
  const hid_t complex = make_dataset(root, "complex", {2, 1}, pair, pair, parts.data());
  set_class(complex, "double");
  H5Dclose(complex);
  H5Tclose(pair);
  const hid_t sparse = file.group(root, "sparse");  // [0 2.5 0; 1 0 0]
  set_whole(sparse, "MATLAB_sparse", 2);
  const std::vector<double> values{1, 2.5};
  const std::vector<std::uint64_t> rows{1, 0}, columns{0, 1, 2, 2};
  H5Dclose(make_dataset(sparse, "data", {2}, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data()));
  H5Dclose(make_dataset(sparse, "ir", {2}, H5T_STD_U64LE, H5T_NATIVE_UINT64, rows.data()));
  H5Dclose(make_dataset(sparse, "jc", {4}, H5T_STD_U64LE, H5T_NATIVE_UINT64, columns.data()));
  H5Gclose(sparse);
  const hsize_t huge[2] = {1 << 20, 1 << 20}, chunk[2] = {1024, 1024};  // 8 TB declared, nothing stored
  const hid_t space = H5Screate_simple(2, huge, nullptr);
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(creation, 2, chunk);
  H5Dclose(H5Dcreate2(root, "huge", H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  H5Pclose(creation);
  H5Sclose(space);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 7 && words[0] == "dreamer") {
    Dreamer(words[1], std::stoi(words[2]), std::stoi(words[3]), std::stoi(words[4]), std::stoi(words[5]))
        .write(words[6] == "structs");
    return 0;
  }
  if (words.size() == 2 && words[0] == "kinds") {
    write_kinds(words[1]);
    return 0;
  }
  std::fprintf(stderr, "caton-write-hdf5 dreamer FILE SUBJECTS TRIALS BASELINE SAMPLES cell|structs, or kinds FILE\n");
  return 2;
}
