// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
