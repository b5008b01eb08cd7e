# SPDX-License-Identifier: GPL-3.0-or-later
satchel_fuzz(NAME fuzz_replyparser SOURCES fuzz_replyparser.cpp LIBS core_pop3
    SEEDS ${CMAKE_CURRENT_SOURCE_DIR}/seeds/pop3_replyparser COUNT 20000)
satchel_fuzz(NAME fuzz_capa SOURCES fuzz_capa.cpp LIBS core_pop3
    SEEDS ${CMAKE_CURRENT_SOURCE_DIR}/seeds/pop3_capa COUNT 20000)
satchel_fuzz(NAME fuzz_sasl SOURCES fuzz_sasl.cpp LIBS core_net
    SEEDS ${CMAKE_CURRENT_SOURCE_DIR}/seeds/sasl COUNT 3000)
