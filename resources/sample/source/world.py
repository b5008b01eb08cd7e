# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters in many scripts and the encodings that belong to them."""
from parts import Message, box, file, multipart, text, word
import pictures


def messages():
    out = []
    out.append(
        Message(
            "german.eml",
            box("Jürgen Großkötter", "juergen@grosskoetter.example.net"),
            "Grüße aus dem Allgäu – und eine Frage zum Käse",
            "2026-10-21 18:09 +0200",
            text(
                """Lieber Robin,

schöne Grüße aus Oberstdorf! Gestern hat es zum ersten Mal geschneit, die
Kühe sind längst unten, und wir sitzen am Ofen und hören dem Föhn zu.

Nun zur Frage: Möchtest du wieder drei Kilo Bergkäse? Der achtzehn Monate
alte ist heuer außergewöhnlich gut, kostet aber 24,80 € das Kilo.

Tschüß und bis bald
Jürgen
""",
                "quoted-printable",
                "iso-8859-15",
            ),
            agent="Alpenpost 1.9",
        )
    )
    out.append(
        Message(
            "french.eml",
            box("Amélie Lefèvre", "amelie@lefevre.example.com"),
            "Les photos de l’été, enfin !",
            "2026-10-25 20:31 +0100",
            multipart(
                "mixed",
                text(
                    """Coucou Robin,

enfin ! Voici la photo du ponton – celle où Théo tombe à l’eau, je la garde
pour son anniversaire. À Noël, nous serons chez ma sœur à Besançon.

Bises,
Amélie
"""
                ),
                file(
                    "été – le ponton.jpg",
                    "image/jpeg",
                    pictures.jpeg(pictures.landscape(64, (900, 600), ((80, 150, 220), (250, 230, 190)), (60, 90, 70))),
                ),
            ),
        )
    )
    out.append(
        Message(
            "japanese-jis.eml",
            f"{word('佐藤 花子', 'iso-2022-jp')} <hanako.sato@sakura.example.com>",
            None,
            "2026-11-05 09:12 +0900",
            text(
                """ロビン様

ご無沙汰しております。佐藤です。
先日は美味しい紅茶をお送りいただき、誠にありがとうございました。
家族みんなで楽しくいただきました。

京都はちょうど紅葉の季節です。来年の秋、ぜひ遊びにいらしてください。
お寺を一緒に回りましょう。

寒くなりますので、お体に気をつけてお過ごしください。

佐藤 花子
""",
                "7bit",
                "iso-2022-jp",
            ),
            headers=[("Subject", word("お礼と京都の紅葉のこと", "iso-2022-jp"))],
            agent="Sakura Mail 8.2",
        )
    )
    out.append(
        Message(
            "japanese-utf8.eml",
            box("田中 健", "ken@tanaka.example.net"),
            "来週の打ち合わせについて",
            "2026-11-17 17:45 +0900",
            text(
                """ロビンさん

お疲れ様です。田中です。

来週火曜日（24日）の打ち合わせですが、午後3時からに変更していただけますか？
場所はいつものカフェ「森の時計」です。Wi-Fiもあります☕

よろしくお願いします。
田中 健
""",
                "base64",
            ),
            agent="Sakura Mail 8.2",
        )
    )
    out.append(
        Message(
            "chinese-gb18030.eml",
            f"{word('李 明', 'gb18030')} <ming.li@lotus.example.com>",
            None,
            "2026-11-03 21:30 +0800",
            text(
                """罗宾：

你好！上个月在湖边见到你们，真的很高兴。照片我已经洗出来了，
等你们下次来的时候带给你。

我女儿最近开始学英语，她想给你写一封信。拼写错误请多多包涵。

祝
工作顺利，身体健康！

李明
""",
                "base64",
                "gb18030",
            ),
            headers=[("Subject", word("湖边的照片", "gb18030"))],
        )
    )
    out.append(
        Message(
            "korean.eml",
            box("김민준", "minjun@kim.example.com"),
            "다음 달 여행 계획",
            "2026-11-04 19:20 +0900",
            text(
                """로빈에게

잘 지내고 있어? 다음 달에 영국에 가게 됐어. 12월 5일에 도착해서 일주일 동안 있을 거야.
시간이 되면 같이 저녁 먹자!

민준
""",
                "base64",
                "euc-kr",
            ),
        )
    )
    out.append(
        Message(
            "arabic.eml",
            box("ليلى حداد", "layla@haddad.example.net"),
            "دعوة لحفل زفاف أختي",
            "2026-11-01 15:05 +0300",
            text(
                """عزيزي روبن،

تحية طيبة وبعد،

يسعدني أن أدعوك إلى حفل زفاف أختي سلمى يوم السبت 9 كانون الثاني 2027 في
الساعة 18:30 مساءً في بيت العائلة.

أرجو أن تخبرني إن كنت ستأتي مع Kim حتى نحجز لكما مكاناً.

مع أطيب التحيات،
ليلى
""",
                "base64",
            ),
        )
    )
    out.append(
        Message(
            "hebrew.eml",
            box("דוד כהן", "david@cohen.example.com"),
            "המתכון של סבתא",
            "2026-10-27 11:40 +0200",
            text(
                """שלום רובין,

הנה המתכון של סבתא לעוגת התפוחים, כמו שהבטחתי:

1. שלוש כוסות קמח
2. ארבעה תפוחים גדולים (רצוי Granny Smith)
3. חצי כוס סוכר
4. 180 מעלות, 45 דקות

בתיאבון!
דוד
""",
                "quoted-printable",
                "iso-8859-8-i",
                python_charset="iso-8859-8",
            ),
        )
    )
    out.append(
        Message(
            "greek.eml",
            box("Ελένη Παπαδοπούλου", "eleni@papadopoulou.example.net", "iso-8859-7"),
            None,
            "2026-10-22 13:15 +0300",
            text(
                """Αγαπητέ Ρόμπιν,

σου γράφω από τη Θεσσαλονίκη. Ο καιρός είναι ακόμα ζεστός και το απόγευμα
πίνουμε καφέ δίπλα στη θάλασσα.

Θα έρθετε το Πάσχα στο νησί; Το σπίτι είναι ελεύθερο από τις 25 Απριλίου.

Με αγάπη,
Ελένη
""",
                "8bit",
                "iso-8859-7",
            ),
            headers=[("Subject", word("Καλημέρα από τη Θεσσαλονίκη", "iso-8859-7"))],
        )
    )
    out.append(
        Message(
            "cyrillic-koi8r.eml",
            box("Ольга Иванова", "olga@ivanova.example.com", "koi8-r"),
            None,
            "2026-10-30 22:10 +0300",
            text(
                """Дорогой Робин!

Спасибо за открытку, она дошла всего за десять дней. У нас уже лежит снег,
и дети целый день катаются на санках.

Книгу, о которой ты спрашивал, я нашла в маленьком магазине на углу. Отправлю
её в понедельник.

Обнимаю,
Ольга
""",
                "quoted-printable",
                "koi8-r",
            ),
            headers=[("Subject", word("Снег, открытка и книга", "koi8-r"))],
        )
    )
    out.append(
        Message(
            "thai.eml",
            box("สมชาย ใจดี", "somchai@jaidee.example.com"),
            "สวัสดีจากเชียงใหม่",
            "2026-11-07 08:55 +0700",
            text(
                """สวัสดีครับคุณโรบิน

ตอนนี้ที่เชียงใหม่อากาศเริ่มเย็นแล้ว เหมาะกับการเดินป่ามาก
ถ้าคุณกับคิมว่างช่วงเดือนมกราคม เชิญมาพักที่บ้านผมได้เลยนะครับ

ด้วยความนับถือ
สมชาย
""",
                "base64",
            ),
        )
    )
    out.append(
        Message(
            "turkish.eml",
            box("Işıl Çağlayan", "isil@caglayan.example.net", "iso-8859-9"),
            None,
            "2026-11-10 14:25 +0300",
            text(
                """Sevgili Robin,

İstanbul'dan sıcak selamlar! Geçen hafta Kadıköy'de, senin çok sevdiğin
çaycıda oturduk ve seni andık. Şu fıstıklı baklavadan bir kutu yolladım,
umarım gümrükte kalmaz.

Görüşmek üzere,
Işıl
""",
                "quoted-printable",
                "iso-8859-9",
            ),
            headers=[("Subject", word("İstanbul'dan bir kutu baklava", "iso-8859-9"))],
        )
    )
    out.append(
        Message(
            "polish.eml",
            box("Łukasz Żółty", "lukasz@zolty.example.org"),
            "Zażółć gęślą jaźń: próba polskich znaków",
            "2026-10-24 16:00 +0200",
            text(
                "Cześć Robin,\n\npytałeś, czy mój program nadal wysyła pocztę w ISO-8859-2. Wysyła: "
                "ą ć ę ł ń ó ś ź ż.\n\nŁukasz\n",
                "quoted-printable",
                "iso-8859-2",
            ),
        )
    )
    return out
