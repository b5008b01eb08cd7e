# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a winmail.dat ([MS-OXTNEF]): a subject, a body and attachments."""
import struct

MESSAGE, ATTACHMENT = 1, 2


def attribute(level, identity, data):
    return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def string(value):
    return value.encode("cp1252") + b"\0"


def properties(values):
    """MAPI properties, all of type PT_STRING8 (0x001E)."""
    out = struct.pack("<I", len(values))
    for tag, value in values:
        data = string(value)
        out += struct.pack("<HHII", 0x001E, tag, 1, len(data)) + data + b"\0" * (-len(data) % 4)
    return out


def date(when):
    return struct.pack(
        "<7H", when.year, when.month, when.day, when.hour, when.minute, when.second, (when.isoweekday() % 7)
    )


def tnef(subject, body, when, attachments):
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += attribute(MESSAGE, 0x00089006, struct.pack("<I", 0x00010000))  # attTnefVersion
    out += attribute(MESSAGE, 0x00069007, struct.pack("<II", 1252, 0))  # attOemCodepage
    out += attribute(MESSAGE, 0x00078008, string("IPM.Microsoft Mail.Note"))  # attMessageClass
    out += attribute(MESSAGE, 0x00018004, string(subject))  # attSubject
    out += attribute(MESSAGE, 0x00038005, date(when))  # attDateSent
    out += attribute(MESSAGE, 0x00069003, properties([(0x0037, subject), (0x1000, body)]))  # attMAPIProps
    for name, kind, data in attachments:
        short = name[:8].split(".")[0].upper() + "." + name.rsplit(".", 1)[-1][:3].upper()
        out += attribute(ATTACHMENT, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0))  # attAttachRendData
        out += attribute(ATTACHMENT, 0x0006800F, data)  # attAttachData
        out += attribute(ATTACHMENT, 0x00018010, string(short))  # attAttachTitle
        out += attribute(ATTACHMENT, 0x00038013, date(when))  # attAttachModifyDate
        out += attribute(ATTACHMENT, 0x00069005, properties([(0x3707, name), (0x370E, kind)]))  # attAttachment
    return out
