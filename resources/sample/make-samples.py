#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the sample mailbox beside this file: what a home user's mail of a few weeks looks like. The .eml files are
what counts and are kept byte by byte; this program is how they came about. Needs python3-pil for the pictures.
All people, firms and addresses in them are made up; every domain is one of those kept free for examples."""
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "source"))
sys.dont_write_bytecode = True

import firms  # noqa: E402
import kinds  # noqa: E402
import letters  # noqa: E402
import world  # noqa: E402

messages = sorted(letters.messages() + firms.messages() + world.messages() + kinds.messages(), key=lambda m: m.when)
for old in os.listdir(here):
    if old.endswith(".eml"):
        os.remove(os.path.join(here, old))
total = 0
for number, message in enumerate(messages, 1):
    data = bytes(message)
    total += len(data)
    with open(os.path.join(here, f"{number:02}-{message.file_name}"), "wb") as out:
        out.write(data)
print(f"{len(messages)} messages, {total:,} bytes")
