# SPDX-License-Identifier: GPL-3.0-or-later
satchel_fuzz(NAME fuzz_mime_parse SOURCES fuzz_mime_parse.cpp LIBS core_mime COUNT 8000
    SEEDS ${CMAKE_SOURCE_DIR}/tests/mail)
satchel_fuzz(NAME fuzz_mime_index SOURCES fuzz_mime_index.cpp LIBS core_mime COUNT 8000
    SEEDS ${CMAKE_SOURCE_DIR}/tests/mail)
satchel_fuzz(NAME fuzz_mime_html SOURCES fuzz_mime_html.cpp LIBS core_mime COUNT 8000
    SEEDS ${CMAKE_SOURCE_DIR}/tests/mail)
