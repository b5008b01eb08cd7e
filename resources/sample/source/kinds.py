# SPDX-License-Identifier: GPL-3.0-or-later
"""Less common forms of mail that still arrive every day somewhere."""
import binascii
from datetime import datetime

from parts import Message, Part, ascii_text, box, file, multipart, quote, text
import pictures
from tnef import tnef


def mailing_list():
    footer = (
        "\n_______________________________________________\nAllotments mailing list\nallotments@lists.example.org\n"
        "https://lists.example.org/listinfo/allotments\n"
    )
    headers = [
        ("Sender", "allotments-bounces@lists.example.org"),
        ("Reply-To", "Allotments of Millbrook <allotments@lists.example.org>"),
        ("List-Id", "Allotments of Millbrook <allotments.lists.example.org>"),
        ("List-Post", "<mailto:allotments@lists.example.org>"),
        (
            "List-Unsubscribe",
            "<https://lists.example.org/options/allotments>,\n"
            " <mailto:allotments-request@lists.example.org?subject=unsubscribe>",
        ),
        ("List-Archive", "<https://lists.example.org/archives/allotments/>"),
        ("List-Help", "<mailto:allotments-request@lists.example.org?subject=help>"),
        ("Precedence", "list"),
        ("Errors-To", "allotments-bounces@lists.example.org"),
        ("X-BeenThere", "allotments@lists.example.org"),
    ]
    everyone = "Allotments of Millbrook <allotments@lists.example.org>"
    first = (
        "Hi all,\n\nsomething has eaten all of my leeks, from below, in one night. Voles?\n"
        "Does anybody have a remedy that is not a cat?\n\nGwen, plot 17\n"
    )
    one = Message(
        "list-1.eml",
        box("Gwen Prosser", "gwen@prosser.example.com"),
        "[Allotments] Who ate my leeks?",
        "2026-11-17 18:22 +0000",
        ascii_text(first + footer),
        to=everyone,
        headers=headers,
    )
    second = (
        quote(first, "Gwen Prosser", "17 November 2026 18:22")
        + "\nVoles. Elder tea down the holes, it stinks to high heaven. Or a cat.\n\nOtto, plot 3\n"
    )
    two = Message(
        "list-2.eml",
        box("Otto Reimann", "otto@reimann.example.net"),
        "Re: [Allotments] Who ate my leeks?",
        "2026-11-17 20:05 +0000",
        ascii_text(second + footer),
        to=everyone,
        headers=headers,
        replies_to=[one],
    )
    three = Message(
        "list-3.eml",
        box("Gwen Prosser", "gwen@prosser.example.com"),
        "Re: [Allotments] Who ate my leeks?",
        "2026-11-18 07:40 +0000",
        ascii_text(
            quote(second, "Otto Reimann", "17 November 2026 20:05")
            + "\nElder tea it is. I can be smelled from the bridge.\n\nGwen\n"
            + footer
        ),
        to=everyone,
        headers=headers,
        replies_to=[one, two],
    )

    def entry(sender, subject, date, words, number):
        return Part(
            [],
            f"Date: {date}\nFrom: {sender}\nSubject: {subject}\nMessage-ID: <digest.{number}@lists.example.org>\n"
            f"Content-Type: text/plain; charset=us-ascii\n\n{words}".encode(),
        )

    digest = multipart(
        "digest",
        entry(
            "Gwen Prosser <gwen@prosser.example.com>",
            "Seed swap on Saturday",
            "Thu, 12 Nov 2026 08:01:10 +0000",
            "In the hut, from ten. I have far too many beans.\n",
            1,
        ),
        entry(
            "Otto Reimann <otto@reimann.example.net>",
            "Water is off from Monday on",
            "Thu, 12 Nov 2026 12:44:02 +0000",
            "The mains are closed until March. Please empty your butts.\n",
            2,
        ),
        entry(
            "Petra Haas <petra@haas.example.com>",
            "Found: one glove, left",
            "Thu, 12 Nov 2026 19:30:55 +0000",
            "Green, hangs on the notice board.\n",
            3,
        ),
        boundary="__--__--",
    )
    contents = (
        "Today's Topics:\n\n   1. Seed swap on Saturday (Gwen Prosser)\n"
        "   2. Water is off from Monday on (Otto Reimann)\n"
        "   3. Found: one glove, left (Petra Haas)\n"
    )
    four = Message(
        "list-digest.eml",
        "allotments-request@lists.example.org",
        "Allotments Digest, Vol 61, Issue 12",
        "2026-11-13 00:00 +0000",
        multipart("mixed", ascii_text(contents), digest),
        to="allotments@lists.example.org",
        headers=headers[2:],
    )
    return [one, two, three, four]


def forwarded():
    inner = Message(
        "",
        box("Marta Sorensen", "marta@museum.example.org"),
        "Volunteers for the night of the museums",
        "2026-11-09 10:00 +0000",
        multipart(
            "mixed",
            text(
                "Dear friends of the museum,\n\n"
                "we need twelve people for the night of 5 December: doors, cloakroom, soup.\n"
                "The rota is attached.\n\nMarta Sørensen\n"
            ),
            file("rota.csv", "text/csv", b"hour,post,name\r\n18,door,\r\n19,soup,\r\n"),
        ),
        to=box("Samira Okafor", "samira@okafor.example.com"),
        trace=False,
    )
    return [
        Message(
            "forwarded.eml",
            box("Samira Okafor", "samira@okafor.example.com"),
            "Fwd: Volunteers for the night of the museums",
            "2026-11-09 21:14 +0000",
            multipart(
                "mixed",
                ascii_text("Shall we do the soup together?\n\nS.\n"),
                Part(
                    [
                        ("Content-Type", "message/rfc822"),
                        ("Content-Disposition", 'attachment; filename="Volunteers.eml"'),
                    ],
                    bytes(inner),
                ),
            ),
        )
    ]


def office():
    body = (
        "Dear Robin,\r\n\r\nplease find the offer for the attic window attached. It is good until\r\n"
        "the end of January.\r\n\r\nBest regards\r\nK. Hartmann\r\n"
    )
    offer = pictures.pdf(
        [
            [
                "# Hartmann & Daughter, roofs and windows",
                "",
                "Offer 2026-318 for Robin Fields",
                "",
                "1 roof window, pine, 78 x 118 cm     412.00",
                "Fitting, one day, two persons          560.00",
                "Total, without VAT                     972.00",
            ]
        ]
    )
    data = tnef(
        "Offer for the attic window",
        body,
        datetime(2026, 11, 12, 8, 44, 12),
        [("Offer 2026-318.pdf", "application/pdf", offer)],
    )
    return [
        Message(
            "winmail.eml",
            box("K. Hartmann", "office@hartmann.example.com"),
            "Offer for the attic window",
            "2026-11-12 08:44 +0000",
            multipart(
                "mixed",
                ascii_text(
                    "Dear Robin,\n\nplease find the offer for the attic window attached. It is good until\n"
                    "the end of January.\n\n"
                    "Best regards\nK. Hartmann\n"
                ),
                file("winmail.dat", "application/ms-tnef", data),
                boundary="----_=_NextPart_000_01DC53B2.7A1E4C80",
            ),
            headers=[
                ("X-MS-Has-Attach", "yes"),
                ("X-MS-TNEF-Correlator", "<318@hartmann.example.com>"),
                ("Thread-Index", "AdxTsnoeTIA="),
            ],
        )
    ]


def uuencoded():
    data = b"score;name\r\n41;Samira\r\n38;Theo\r\n38;Robin\r\n12;Ben (fell asleep)\r\n"
    coded = (
        b"begin 644 scores.csv\n"
        + b"".join(binascii.b2a_uu(data[i : i + 45]) for i in range(0, len(data), 45))
        + b"`\nend\n"
    )
    content = ascii_text(
        "The scores of last Thursday, as always from my good old machine:\n\n"
        + coded.decode("ascii")
        + "\n-- \nTheo, from a terminal\n"
    )
    return [
        Message(
            "uuencode.eml",
            "theo@terminal.example.net (Theo Brandt)",
            "Scores of Thursday",
            "2026-11-06 23:51 +0000",
            content,
            mime=False,
            headers=[("X-Mailer", "mailx 8.1")],
        )
    ]


def bounce():
    report = f"""Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4C1A2B3D4E
Arrival-Date: Wed, 18 Nov 2026 19:03:11 +0000 (GMT)

Final-Recipient: rfc822; tante.erna@nowhere.example.net
Original-Recipient: rfc822;tante.erna@nowhere.example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.nowhere.example.net
Diagnostic-Code: smtp; 550 5.1.1 <tante.erna@nowhere.example.net>: Recipient address rejected: User unknown
"""
    original = (
        "From: Robin Fields <robin@example.org>\nTo: tante.erna@nowhere.example.net\nSubject: Happy birthday!\n"
        "Date: Wed, 18 Nov 2026 19:03:09 +0000\nMessage-ID: <d41f7a.1@example.org>\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=us-ascii\n"
    )
    return [
        Message(
            "bounce.eml",
            "Mail Delivery System <MAILER-DAEMON@mx.example.org>",
            "Undelivered Mail Returned to Sender",
            "2026-11-18 19:03 +0000",
            multipart(
                "report",
                ascii_text(
                    "This is the mail system at host mx.example.org.\n\n"
                    "I'm sorry to have to inform you that your message could not\n"
                    "be delivered to one or more recipients. It's attached below.\n\n"
                    "<tante.erna@nowhere.example.net>: host mx.nowhere.example.net said: 550 5.1.1\n"
                    "    Recipient address rejected: User unknown\n"
                ),
                Part(
                    [("Content-Description", "Delivery report"), ("Content-Type", "message/delivery-status")],
                    report.encode(),
                ),
                Part(
                    [("Content-Description", "Undelivered Message Headers"), ("Content-Type", "text/rfc822-headers")],
                    original.encode(),
                ),
                extra="; report-type=delivery-status",
                preamble=b"This is a MIME-encapsulated message.\n\n",
            ),
            headers=[("Auto-Submitted", "auto-replied")],
        )
    ]


def broken():
    content = Part(
        [("Content-Type", 'multipart/mixed; boundary="=_cut_here"')],
        b"--=_cut_here\nContent-Type: text/plain\n\nHallo Robin,\n\n"
        b"mein Programm ist \xfcber zwanzig Jahre alt und kann keine Umlaute im Betreff.\n"
        b"Das Bild ist nur halb angekommen, das Modem hat aufgelegt.\n\nG\xfcnther\n\n"
        b"--=_cut_here\nContent-Type: image/jpeg; name=Gartenzaun nach dem Sturm.jpg\n"
        b"Content-Transfer-Encoding: base64\n"
        b"Content-Disposition: attachment; filename=Gartenzaun nach dem Sturm.jpg\n\n"
        + b"\n".join(
            file("x", "image/jpeg", pictures.jpeg(pictures.landscape(5, (480, 320))))
            .body.replace(b"\r\n", b"\n")
            .split(b"\n")[:120]
        )
        + b"\n",
    )
    # What an old program writes: no encoding of its header at all, and the text ends where the line was cut.
    return [
        Message(
            "broken.eml",
            "guenther@modem.example.net",
            None,
            "2026-11-04 17:36 +0100",
            content,
            trace=False,
            raw_headers=(
                b"Reply-To: G\xfcnther M\xfcller <guenther@modem.example.net>\n"
                b"Subject: Der Zaun f\xe4llt um! Gr\xfc\xdfe\nX-Priority 3\n"
            ),
        )
    ]


def signed():
    words = ascii_text(
        "Hello Robin,\n\nmy key has changed, the old one expires on Monday. The new fingerprint, by\n"
        "telephone tonight if you like:\n\n"
        "    0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567\n\nYusuf\n"
    )
    block = """-----BEGIN PGP SIGNATURE-----

iHUEABYKAB0WIQTSatchelSampleSignatureNotARealOne0FAmkeAAAKCRDSatc
hel0sample0AP9zNotARealSignatureAtAllButItLooksLikeOne0000000000AD
+Kq3mMadeUpForTheSampleMailbox00000000000000000000000000000000AAo=
=Ab1C
-----END PGP SIGNATURE-----
"""
    signature = Part(
        [
            ("Content-Type", 'application/pgp-signature; name="signature.asc"'),
            ("Content-Description", "OpenPGP digital signature"),
            ("Content-Disposition", 'attachment; filename="signature.asc"'),
        ],
        block.encode(),
    )
    return [
        Message(
            "signed.eml",
            box("Yusuf Demir", "yusuf@demir.example.org"),
            "New key",
            "2026-10-26 12:00 +0000",
            multipart("signed", words, signature, extra='; micalg=pgp-sha256;\n protocol="application/pgp-signature"'),
        )
    ]


def messages():
    return mailing_list() + forwarded() + office() + uuencoded() + bounce() + broken() + signed()
