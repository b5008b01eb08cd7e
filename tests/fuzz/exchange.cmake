# SPDX-License-Identifier: GPL-3.0-or-later
satchel_fuzz(NAME fuzz_fetchedstate SOURCES fuzz_fetchedstate.cpp LIBS core_exchange COUNT 20000
    SEEDS ${CMAKE_SOURCE_DIR}/tests/exchange/states)
