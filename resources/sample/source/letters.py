# SPDX-License-Identifier: GPL-3.0-or-later
"""Family, friends, the rowing club: what most of a private mailbox is made of."""
from parts import Message, ascii_text, box, file, html, multipart, quote, text
import pictures

MUM = box("Marianne Fields", "marianne@family.example.net")
JONAS = box("Jonas Fields", "jonas.fields@family.example.net")
KIM = box("Kim Amari", "kim@amari.example.com")
ROBIN = "Robin Fields <robin@example.org>"
PHONE = [("X-Mailer", "Pocket Mail 12.4")]


def christmas():
    first = """Hello my dears,

it is only November, I know, I know. But last year we talked about Christmas
in the second week of December and ended up with three puddings and no
potatoes, so this year I am asking early:

 - Who comes, and when? Beds for everybody, as always. Jonas on the sofa.
 - Who brings what? I do the goose. Please somebody the red cabbage.
 - Does Kim still eat fish? I read about a nut roast that looks all right.

Dad says he does not need anything. He does need a new rain jacket.

Love,
Mum
"""
    mum = Message(
        "christmas-1.eml",
        MUM,
        "Christmas - who comes, who brings what?",
        "2026-11-08 17:42 +0000",
        text(first),
        to=f"{ROBIN},\n {JONAS},\n {KIM}",
        agent="Homestead Mail 4.1",
    )
    second = """I'll be there from the 23rd, late train. Sofa is fine, the cat is not,
she sat on my head last year.

Red cabbage: mine. The good one, with apple.

Jonas

""" + quote(
        first, "Marianne Fields", "8 November 2026 at 17:42"
    )
    jonas = Message(
        "christmas-2.eml",
        JONAS,
        "Re: Christmas - who comes, who brings what?",
        "2026-11-08 20:11 +0000",
        text(second),
        to=MUM,
        headers=[("Cc", f"{ROBIN},\n {KIM}")],
        replies_to=[mum],
        agent="Threadbare 2.0",
    )
    third = """Marianne, how lovely of you to think of me. Yes, I still eat fish, and I
would love to try the nut roast!

We arrive on the 24th before noon (Robin has to work on the 23rd). I bring
two kinds of biscuits and the folding chairs.

Rain jacket: I saw just the right one, dark green, size L? Shall we all
share it?

Kim

""" + quote(
        second, "Jonas Fields", "8 November 2026 at 20:11"
    )
    kim = Message(
        "christmas-3.eml",
        KIM,
        "Re: Christmas - who comes, who brings what?",
        "2026-11-09 07:55 +0000",
        text(third),
        to=MUM,
        headers=[("Cc", f"{JONAS},\n {ROBIN}")] + PHONE,
        replies_to=[mum, jonas],
    )
    fourth = """On 9 November 2026 at 07:55, Kim Amari wrote:
> Rain jacket: I saw just the right one, dark green, size L? Shall we all
> share it?

Size L, yes. I am in with a third. Jonas, you too?

> We arrive on the 24th before noon (Robin has to work on the 23rd). I bring
> two kinds of biscuits and the folding chairs.

Wonderful. Then I make the beds upstairs.

>> Red cabbage: mine. The good one, with apple.

You have never made red cabbage in your life, Jonas. Ring me before you buy
the cloves, please.

Mum
"""
    again = Message(
        "christmas-4.eml",
        MUM,
        "Re: Christmas - who comes, who brings what?",
        "2026-11-09 18:30 +0000",
        text(fourth),
        to=f"{KIM},\n {JONAS},\n {ROBIN}",
        replies_to=[mum, jonas, kim],
        agent="Homestead Mail 4.1",
    )
    return [mum, jonas, kim, again]


def photos():
    dawn = pictures.jpeg(pictures.landscape(11))
    noon = pictures.jpeg(pictures.landscape(29, sky=((60, 130, 210), (205, 230, 245)), hills=(40, 84, 60)))
    dusk = pictures.jpeg(pictures.landscape(47, sky=((44, 40, 92), (232, 132, 96)), hills=(38, 36, 66)))
    body = """<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head>
<body>
<p>Hey you,</p>
<p>the ones from the lake have come out <b>so</b> well. This was at six, when everybody else was still asleep:</p>
<p><img src="cid:dawn.8814@amari.example.com" alt="The lake at dawn" width="640"></p>
<p>The other two are attached in full size. I think the evening one wants to be on the wall over the piano. What do
you say?</p>
<p>Kim</p>
<blockquote type="cite">PS: the thermos was in <i>your</i> rucksack all the time.</blockquote>
</body></html>
"""
    plain = """Hey you,

the ones from the lake have come out *so* well. This was at six, when
everybody else was still asleep (picture).

The other two are attached in full size. I think the evening one wants to
be on the wall over the piano. What do you say?

Kim

PS: the thermos was in your rucksack all the time.
"""
    related = multipart(
        "related", html(body), file("dawn.jpg", "image/jpeg", dawn, "inline", "dawn.8814@amari.example.com")
    )
    lake = Message(
        "photos-lake.eml",
        KIM,
        "The lake, before breakfast",
        "2026-10-18 21:07 +0100",
        multipart(
            "mixed",
            multipart("alternative", text(plain), related),
            file("lake-noon.jpg", "image/jpeg", noon),
            file("lake-evening.jpg", "image/jpeg", dusk),
        ),
        agent="Pocket Mail 12.4",
    )
    drawing = Message(
        "drawing-cat.eml",
        box("Nora Lindqvist", "nora@lindqvist.example.com"),
        "A cat for Robin",
        "2026-11-13 16:20 +0000",
        multipart(
            "mixed",
            text('Ella drew this for you. It is Mitzi, "but bigger".\n\nNora\n', "7bit", "utf-8"),
            file("Mitzi.png", "image/png", pictures.png(pictures.cat(), 48)),
        ),
        headers=PHONE,
    )
    return [lake, drawing]


def friends():
    out = []
    ask = """Robin,

are you on for Thursday? Seven o'clock at the Anchor, back room. Theo
brings the new game about beekeeping. It is said to take two hours, so
bring a sandwich.

S.
"""
    sam = Message(
        "games-1.eml",
        box("Samira Okafor", "samira@okafor.example.com"),
        "Thursday?",
        "2026-11-16 12:02 +0000",
        ascii_text(ask),
    )
    more = Message(
        "games-2.eml",
        box("Theo Brandt", "theo.brandt@post.example.net"),
        "Re: Thursday?",
        "2026-11-16 12:40 +0000",
        ascii_text(
            "Two hours is a lie, it takes four. Bring two sandwiches.\n\nTheo\n\n"
            + quote(ask, "Samira Okafor", "Mon, 16 Nov 2026 at 12:02")
        ),
        to=box("Samira Okafor", "samira@okafor.example.com"),
        headers=[("Cc", ROBIN)],
        replies_to=[sam],
    )
    out += [sam, more]
    # format=flowed with space-stuffing, quoting and a signature (RFC 3676).
    flowed = """Dear Robin, 

thank you for the book. I read it on the train in one go and missed my 
stop, which has not happened to me since I was nineteen. The chapter about 
the lighthouse keeper is the best thing I have read this year, and I mean 
to steal the sentence about the herring.

> You said that you would never read anything with a map in front of it 
> again.

I did say that. I was wrong.

 From the shelf next to it I took the other one you mentioned:

    lines that are set in by hand
      stay as they are

Come by when you are in town, there is cake.

-- 
Agnes Whitlow
"Letters should be long or not at all."
"""
    out.append(
        Message(
            "book-flowed.eml",
            box("Agnes Whitlow", "agnes.whitlow@letters.example.org"),
            "The book with the map",
            "2026-10-29 10:26 +0000",
            ascii_text(flowed, "; format=flowed; delsp=no"),
            agent="Quill/3.2 (flowed)",
        )
    )
    # The address book's card, as an attachment.
    card = """BEGIN:VCARD
VERSION:3.0
N:Lindqvist;Nora;;;
FN:Nora Lindqvist
ORG:Workshop for Old Bicycles
TEL;TYPE=CELL:+00 555 0142 19
EMAIL;TYPE=INTERNET:nora@lindqvist.example.com
ADR;TYPE=HOME:;;Tannery Lane 4;Millbrook;;00000;
URL:https://lindqvist.example.com/
NOTE:New address from December on
END:VCARD
"""
    out.append(
        Message(
            "vcard-moving.eml",
            box("Nora Lindqvist", "nora@lindqvist.example.com"),
            "We are moving!",
            "2026-11-11 19:03 +0000",
            multipart(
                "mixed",
                text(
                    "Only three streets further, but with a garden. My card with the new address "
                    "is attached.\nHouse-warming on the 12th of December, bring a plant.\n\nNora\n",
                    "quoted-printable",
                    "utf-8",
                ),
                file("Nora Lindqvist.vcf", "text/vcard", card.replace("\n", "\r\n").encode()),
            ),
            headers=PHONE,
        )
    )
    emoji = """🎉🎉🎉 She said YES!!! 💍

We are SO happy 😭❤️ Party on Saturday 28th, from 6 till late 🕺💃
Bring: yourselves, a song 🎤 and somebody from the family 👨‍👩‍👧‍👦
Dietary things: 🥜🚫 (Ben!) 🌱✅

🏳️‍🌈 Lou & Ines 👩🏽‍❤️‍👩🏻
"""
    out.append(
        Message(
            "emoji-party.eml",
            box("Lou 🌻", "lou@sunflower.example.net"),
            "She said YES 💍🎉 – party on the 28th 🥳",
            "2026-11-15 22:48 +0000",
            text(emoji, "base64"),
            headers=PHONE,
        )
    )
    out.append(
        Message(
            "no-subject.eml",
            box("Dad", "henry@family.example.net"),
            "",
            "2026-11-17 08:15 +0000",
            ascii_text("How do I turn the computer off again?\n\nDad\n"),
            agent="Homestead Mail 4.1",
        )
    )
    out.append(
        Message(
            "long-subject.eml",
            box("Uncle Bertram", "bertram@family.example.net"),
            "Concerning the lawn mower which I lent to you in May, or it may have been June, in any case before the "
            "heavy rain, and which, if I am not mistaken, you wanted to bring back as soon as the hedge was done; the "
            "hedge must be done by now, and my own grass, although it is November, stands rather high again because "
            "of the mild weather, so that I wondered whether perhaps this coming Sunday after church might suit you",
            "2026-11-12 09:31 +0000",
            ascii_text("See subject.\n\nBertram\n"),
            agent="Homestead Mail 4.1",
        )
    )
    return out


def club():
    minutes = pictures.pdf(
        [
            [
                "# Millbrook Rowing Club",
                "Minutes of the general meeting of 10 November 2026",
                "",
                "Present: 23 members (list of names with the secretary). Chair: S. Okafor. Minutes: P. Haas.",
                "",
                "1. The minutes of the last meeting are approved.",
                "2. Report of the treasurer: 4,812.60 in the account, of which 1,500.00 for the new oars.",
                "3. The boathouse roof leaks over bay 3. Two offers were read; the lower one is accepted.",
                "4. Winter training: Tuesdays 18:30 in the school gym, from 24 November on.",
                "5. The club's anniversary: a regatta for everybody on 19 June 2027.",
                "",
                "The meeting closed at 21:10.",
            ],
            [
                "# Annex: offers for the roof",
                "",
                "Hartmann & Daughter        2,340.00   three days",
                "Roofs Unlimited            3,115.00   two days",
            ],
        ]
    )
    plain = """Dear members,

the minutes of last Tuesday's meeting are attached. Corrections to me until
the end of the month, please.

In short: the roof gets mended before Christmas, winter training starts on
the 24th, and somebody has left a pair of yellow wellingtons (size 39) in
the changing room.

With kind regards
Petra Haas, secretary
"""
    sent = Message(
        "club-minutes.eml",
        box("Petra Haas", "secretary@rowing.example.org"),
        "[MRC] Minutes of 10 November",
        "2026-11-14 11:15 +0000",
        multipart(
            "mixed", text(plain, "7bit", "us-ascii"), file("MRC minutes 2026-11-10.pdf", "application/pdf", minutes)
        ),
        to=box("Members", "members@rowing.example.org"),
        headers=[("List-Id", "MRC members <members.rowing.example.org>")],
    )
    answer = Message(
        "club-wellingtons.eml",
        box("Theo Brandt", "theo.brandt@post.example.net"),
        "Re: [MRC] Minutes of 10 November",
        "2026-11-14 13:50 +0000",
        ascii_text(
            """Those are mine. Size 39, yes. Please do not laugh.

Theo

"""
            + quote(plain, "Petra Haas", "14 Nov 2026")
        ),
        to=box("Members", "members@rowing.example.org"),
        replies_to=[sent],
    )
    archive = pictures.zipped(
        [
            ("rota/winter-2026.csv", b"date,cox,bow\r\n2026-11-24,Samira,Robin\r\n2026-12-01,Theo,Petra\r\n"),
            ("rota/read me.txt", b"Swap among yourselves and tell Petra.\r\n"),
        ]
    )
    rota = Message(
        "club-rota-zip.eml",
        box("Petra Haas", "secretary@rowing.example.org"),
        "[MRC] Winter rota",
        "2026-11-14 18:41 +0000",
        multipart(
            "mixed",
            ascii_text("The winter rota as a table, zipped because the gym's mail server is odd.\n\nPetra\n"),
            file("winter-rota.zip", "application/zip", archive),
        ),
        to=box("Members", "members@rowing.example.org"),
        headers=[("List-Id", "MRC members <members.rowing.example.org>")],
    )
    event = """BEGIN:VCALENDAR
PRODID:-//Example//Club Calendar 1.0//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:training-2026-11-24@rowing.example.org
DTSTAMP:20261114T184500Z
DTSTART;TZID=Europe/London:20261124T183000
DTEND;TZID=Europe/London:20261124T200000
SUMMARY:Winter training
LOCATION:School gym\\, Mill Road
DESCRIPTION:Indoor shoes\\, please. Ergometers are reserved for us.
ORGANIZER;CN=Petra Haas:mailto:secretary@rowing.example.org
ATTENDEE;CN=Robin Fields;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:robin@example.org
ATTENDEE;CN=Theo Brandt;RSVP=TRUE;PARTSTAT=ACCEPTED:mailto:theo.brandt@post.example.net
RRULE:FREQ=WEEKLY;COUNT=12
SEQUENCE:0
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
""".replace(
        "\n", "\r\n"
    )
    plain = (
        "Petra Haas invites you to: Winter training\n\nTuesdays, 18:30 to 20:00, from 24 November 2026\n"
        "School gym, Mill Road\n"
    )
    page = (
        "<html><body><p><b>Petra Haas</b> invites you to: <b>Winter training</b></p><table><tr><td>When</td><td>"
        "Tuesdays, "
        "18:30 to 20:00, from 24 November 2026</td></tr><tr><td>Where</td><td>School gym, Mill Road</td></tr></table>"
        "</body></html>\n"
    )
    invitation = Message(
        "invitation-training.eml",
        box("Petra Haas", "secretary@rowing.example.org"),
        "Invitation: Winter training",
        "2026-11-14 18:45 +0000",
        multipart(
            "mixed",
            multipart(
                "alternative",
                text(plain, "7bit", "utf-8"),
                html(page),
                text(event, "base64", "utf-8", "calendar", "; method=REQUEST"),
            ),
            file("invite.ics", "application/ics", event.encode()),
        ),
    )
    cancelled = (
        event.replace("METHOD:REQUEST", "METHOD:CANCEL")
        .replace("STATUS:CONFIRMED", "STATUS:CANCELLED")
        .replace("SEQUENCE:0", "SEQUENCE:1")
        .replace("SUMMARY:Winter training", "SUMMARY:Dentist")
        .replace("training-2026-11-24@rowing", "visit-7731@dentist")
        .replace("secretary@rowing.example.org", "desk@dentist.example.com")
        .replace("CN=Petra Haas", "CN=Dr. Molar's desk")
        .replace("LOCATION:School gym\\, Mill Road", "LOCATION:Bridge Street 9")
        .replace("RRULE:FREQ=WEEKLY;COUNT=12\r\n", "")
        .replace(
            "DESCRIPTION:Indoor shoes\\, please. Ergometers are reserved for us.",
            "DESCRIPTION:The practice is closed that day.",
        )
        .replace("ATTENDEE;CN=Theo Brandt;RSVP=TRUE;PARTSTAT=ACCEPTED:mailto:theo.brandt@post.example.net\r\n", "")
    )
    dentist = Message(
        "invitation-cancelled.eml",
        box("Dr. Molar's desk", "desk@dentist.example.com"),
        "Cancelled: Dentist, 24 November",
        "2026-11-18 14:05 +0000",
        multipart(
            "alternative",
            ascii_text(
                "Your visit on 24 November at 18:30 is cancelled: the practice is closed that day.\n"
                "Please ring us for a new date.\n"
            ),
            text(cancelled, "quoted-printable", "utf-8", "calendar", "; method=CANCEL"),
        ),
    )
    return [sent, answer, rota, invitation, dentist]


def messages():
    return christmas() + photos() + friends() + club()
