#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the mail program in the test of packaging/demo.sh: fetches all mail as its arguments say, compares it
with the sample mailbox in $SATCHEL_SAMPLES, prints what it was given as JSON, and ends with status 7."""
import glob
import hashlib
import json
import os
import poplib
import ssl
import sys

arguments = sys.argv[1:]
with open(arguments[arguments.index("--account-file") + 1], encoding="utf-8") as file:
    account = json.load(file)
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
server = poplib.POP3_SSL(account["host"], account["port"], context=context)
trusted = hashlib.sha256(server.sock.getpeercert(True)).hexdigest().upper() == account["certificate"]
server.user(account["user"])
server.pass_(os.environ["SATCHEL_DEMO_PASSWORD"])
samples = sorted(glob.glob(os.path.join(os.environ["SATCHEL_SAMPLES"], "*.eml")))
same = 0
for number, name in enumerate(samples, 1):
    with open(name, "rb") as file:
        wanted = file.read()
    same += b"".join(line + b"\r\n" for line in server.retr(number)[1]) == wanted
print(
    json.dumps(
        {
            "arguments": arguments,
            "account": account,
            "trusted": trusted,
            "samples": len(samples),
            "same": same,
            "count": server.stat()[0],
            "display": os.environ.get("DISPLAY", ""),
            "platform": os.environ.get("QT_QPA_PLATFORM", ""),
            "here": os.getcwd(),
            "profile": os.listdir(arguments[arguments.index("--profile") + 1]),
        }
    )
)
server.quit()
sys.exit(7)
