// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/hdf5/reader_types.hpp"

#include "caton/containers/hdf5/reader_walk.hpp"

#include <algorithm>

namespace caton::hdf5 {
namespace {

constexpr std::size_t text_limit = 1 << 20;
constexpr hssize_t names_limit = 100'000;

herr_t keep_message(unsigned /*depth*/, const H5E_error2_t* error, void* text) {
  if (error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
  return 0;
}

std::optional<Dtype> whole_type(std::size_t bytes, bool with_sign) {
  if (bytes == 1) return with_sign ? Dtype::i8 : Dtype::u8;
  if (bytes == 2) return with_sign ? Dtype::i16 : Dtype::u16;
  if (bytes == 4) return with_sign ? Dtype::i32 : Dtype::u32;
  if (bytes == 8) return with_sign ? Dtype::i64 : Dtype::u64;
  return std::nullopt;
}

ByteOrder order_of(hid_t type) { return H5Tget_order(type) == H5T_ORDER_BE ? ByteOrder::big : ByteOrder::little; }

std::string member_name(hid_t type, unsigned index) {
  char* const name = H5Tget_member_name(type, index);
  std::string text = name == nullptr ? "" : name;
  H5free_memory(name);
  return text;
}

std::optional<NumberType> complex_type(hid_t type) {
  if (H5Tget_nmembers(type) != 2) return std::nullopt;
  NumberType result;
  for (unsigned i = 0; i < 2; ++i) {
    const Handle part(H5Tget_member_type(type, i), H5Tclose);
    const auto number = number_type(part);
    if (!number || number->complex || (number->dtype != Dtype::f64 && number->dtype != Dtype::f32)) return std::nullopt;
    result.dtype = number->dtype;
    result.order = number->order;
    result.parts.push_back(member_name(type, i));
  }
  const bool named =
      (result.parts[0] == "real" && result.parts[1] == "imag") || (result.parts[0] == "r" && result.parts[1] == "i");
  if (!named) return std::nullopt;
  result.complex = true;
  return result;
}

}  // namespace

bool has_attribute(hid_t object, const char* name) { return H5Aexists(object, name) > 0; }

std::string attribute_text(hid_t object, const char* name) {
  if (!has_attribute(object, name)) return {};
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute), H5Tclose);
  const Handle space(H5Aget_space(attribute), H5Sclose);
  const std::size_t size = H5Tget_size(type);
  if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) return {};
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute, type, &text) < 0 || text == nullptr) return {};
    std::string result = text;
    H5free_memory(text);
    return result;
  }
  if (size == 0 || size > text_limit) return {};
  std::string text(size, '\0');
  if (H5Aread(attribute, type, text.data()) < 0) return {};
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

std::optional<std::int64_t> attribute_whole(hid_t object, const char* name) {
  if (!has_attribute(object, name)) return std::nullopt;
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle space(H5Aget_space(attribute), H5Sclose);
  const Handle type(H5Aget_type(attribute), H5Tclose);
  std::int64_t value = 0;
  if (H5Tget_class(type) != H5T_INTEGER || H5Sget_simple_extent_npoints(space) != 1) return std::nullopt;
  if (H5Aread(attribute, H5T_NATIVE_INT64, &value) < 0) return std::nullopt;
  return value;
}

std::vector<std::string> attribute_names(hid_t object, const char* name) {
  std::vector<std::string> names;
  if (!has_attribute(object, name)) return names;
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute), H5Tclose);
  const Handle space(H5Aget_space(attribute), H5Sclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  if (H5Tget_class(type) != H5T_VLEN || count < 1 || count > names_limit) return names;
  const Handle character(H5Tget_super(type), H5Tclose);
  if (H5Tget_class(character) != H5T_STRING || H5Tget_size(character) != 1) return names;
  std::vector<hvl_t> raw(static_cast<std::size_t>(count));
  if (H5Aread(attribute, type, raw.data()) < 0) return names;
  for (const hvl_t& one : raw) names.emplace_back(static_cast<const char*>(one.p), one.len);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw.data());
  return names;
}

bool is_reference(hid_t dataset) {
  if (H5Iget_type(dataset) != H5I_DATASET) return false;
  const Handle type(H5Dget_type(dataset), H5Tclose);
  return H5Tget_class(type) == H5T_REFERENCE && H5Tequal(type, H5T_STD_REF_OBJ) > 0;
}

std::string library_problem(const std::string& otherwise) {
  std::string text;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t* error, void* out) {
        return static_cast<std::string*>(out)->empty() ? keep_message(depth, error, out) : 0;
      },
      &text);
  return text.empty() ? otherwise : otherwise + " (" + text + ")";
}

std::optional<NumberType> number_type(hid_t type) {
  NumberType result;
  result.order = order_of(type);
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      result.dtype = H5Tget_size(type) == 8 ? Dtype::f64 : Dtype::f32;
      if (H5Tget_size(type) > 8) return std::nullopt;
      return result;
    case H5T_INTEGER:
      if (const auto whole = whole_type(H5Tget_size(type), H5Tget_sign(type) == H5T_SGN_2)) {
        result.dtype = *whole;
        return result;
      }
      return std::nullopt;
    case H5T_ENUM: {  // h5py's flags
      if (H5Tget_nmembers(type) != 2 || H5Tget_size(type) != 1) return std::nullopt;
      result.dtype = Dtype::boolean;
      return result;
    }
    case H5T_COMPOUND: return complex_type(type);
    default: return std::nullopt;
  }
}

hid_t memory_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return H5T_NATIVE_DOUBLE;
    case Dtype::f32: return H5T_NATIVE_FLOAT;
    case Dtype::i64: return H5T_NATIVE_INT64;
    case Dtype::i32: return H5T_NATIVE_INT32;
    case Dtype::i16: return H5T_NATIVE_INT16;
    case Dtype::i8: return H5T_NATIVE_INT8;
    case Dtype::u64: return H5T_NATIVE_UINT64;
    case Dtype::u32: return H5T_NATIVE_UINT32;
    case Dtype::u16: return H5T_NATIVE_UINT16;
    default: return H5T_NATIVE_UINT8;
  }
}

}  // namespace caton::hdf5
