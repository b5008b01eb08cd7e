# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures and documents that the samples carry. Needs python3-pil."""
import io
import random
import zipfile
import zlib

from PIL import Image, ImageDraw, ImageFilter, ImageFont


def blend(a, b, t):
    return tuple(round(x + (y - x) * t) for x, y in zip(a, b))


def gradient(size, top, bottom):
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    for y in range(size[1]):
        draw.line([(0, y), (size[0], y)], fill=blend(top, bottom, y / size[1]))
    return picture


def ridge(width, base, height, roughness, chance):
    """Midpoint displacement: the outline of hills."""
    points = [base, base + chance.uniform(-height, height) / 2]
    while len(points) < width:
        wider = []
        for a, b in zip(points, points[1:]):
            wider += [a, (a + b) / 2 + chance.uniform(-height, height)]
        points = wider + [points[-1]]
        height *= roughness
    return points[:width]


def landscape(seed, size=(1280, 853), sky=((70, 110, 170), (250, 200, 150)), hills=(58, 78, 110), lake=True):
    chance = random.Random(seed)
    width, height = size
    shore = int(height * (0.64 if lake else 1.0))
    picture = gradient((width, shore), *sky)
    draw = ImageDraw.Draw(picture)
    x, y, r = chance.uniform(0.2, 0.8) * width, shore * 0.52, height * 0.045
    glow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(glow).ellipse([x - 4 * r, y - 4 * r, x + 4 * r, y + 4 * r], fill=120)
    picture.paste(Image.new("RGB", picture.size, (255, 236, 200)), mask=glow.filter(ImageFilter.GaussianBlur(r * 1.6)))
    draw.ellipse([x - r, y - r, x + r, y + r], fill=(255, 246, 222))
    for depth in range(4):
        base = shore * (0.60 + 0.11 * depth)
        outline = ridge(width, base, shore * (0.16 - 0.025 * depth), 0.52, chance)
        colour = blend(blend(sky[1], hills, 0.45), hills, depth / 3)
        draw.polygon([(0, shore), *enumerate(outline), (width, shore)], fill=colour)
    if lake:
        mirrored = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, height - shore))
        mirrored = Image.blend(mirrored, Image.new("RGB", mirrored.size, (40, 70, 100)), 0.35)
        rows = mirrored.copy()
        for row in range(mirrored.height):
            shift = round(chance.gauss(0, 1 + row / 25))
            rows.paste(mirrored.crop((0, row, width, row + 1)), (shift, row))
        whole = Image.new("RGB", size, (40, 70, 100))
        whole.paste(picture, (0, 0))
        whole.paste(rows.filter(ImageFilter.GaussianBlur(0.8)), (0, shore))
        picture = whole
    grain = Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height)).convert("RGB")
    return Image.blend(picture, grain, 0.03)


def jpeg(picture, quality=80):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def png(picture, colours=0):
    out = io.BytesIO()
    (picture.quantize(colours) if colours else picture).save(out, "PNG", optimize=True)
    return out.getvalue()


def banner(text, size, background, ink, motif="lantern"):
    picture = gradient(size, background, blend(background, (0, 0, 0), 0.25))
    draw = ImageDraw.Draw(picture)
    chance = random.Random(text)
    for _ in range(26):
        x, y, r = chance.uniform(0, size[0]), chance.uniform(0, size[1]), chance.uniform(3, 20)
        colour = blend(background, ink, chance.uniform(0.12, 0.4))
        if motif == "lantern":
            draw.ellipse([x - r * 0.8, y - r, x + r * 0.8, y + r], fill=colour)
            draw.line([(x, y - 2 * r), (x, y - r)], fill=colour, width=2)
        else:
            draw.polygon([(x - 2 * r, y + r), (x, y - r), (x + 2 * r, y + r)], fill=colour)
    font = ImageFont.load_default(size[1] // 3)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    draw.text(((size[0] - right + left) / 2, (size[1] - bottom + top) / 2 - top), text, font=font, fill=ink)
    return picture


def cover(title, colour, size=(160, 230)):
    picture = gradient(size, colour, blend(colour, (0, 0, 0), 0.45))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([8, 8, size[0] - 9, size[1] - 9], outline=(240, 230, 210), width=2)
    font = ImageFont.load_default(24)
    for i, line in enumerate(title.split("\n")):
        width = draw.textlength(line, font=font)
        draw.text(((size[0] - width) / 2, 50 + 32 * i), line, font=font, fill=(245, 238, 220))
    return picture


def cat():
    """A cat as a five-year-old would draw it."""
    picture = Image.new("RGB", (900, 700), (255, 253, 245))
    draw = ImageDraw.Draw(picture)
    chance = random.Random("cat")
    orange, ink = (240, 150, 60), (60, 40, 30)
    draw.ellipse([250, 330, 680, 620], fill=orange, outline=ink, width=7)
    draw.ellipse([170, 170, 430, 420], fill=orange, outline=ink, width=7)
    for x in (190, 330):
        draw.polygon([(x, 220), (x + 30, 110), (x + 80, 200)], fill=orange, outline=ink, width=7)
    for x in (240, 330):
        draw.ellipse([x, 250, x + 30, 290], fill=(90, 170, 90), outline=ink, width=4)
    draw.polygon([(290, 320), (316, 320), (303, 340)], fill=(230, 110, 120))
    for dy in (-15, 5, 25):
        draw.line([(200, 340 + dy // 2), (90, 330 + dy)], fill=ink, width=4)
        draw.line([(400, 340 + dy // 2), (500, 300 + dy)], fill=ink, width=4)
    draw.arc([600, 250, 800, 560], 180, 70, fill=orange, width=28)
    for x in (320, 420, 530, 600):
        draw.line([(x, 600), (x + chance.randint(-8, 8), 675)], fill=orange, width=34)
    for x in range(0, 900, 18):
        draw.line([(x, 700), (x + chance.randint(-9, 9), 700 - chance.randint(14, 44))], fill=(80, 160, 70), width=6)
    draw.ellipse([740, 40, 850, 150], fill=(255, 220, 60))
    return picture


def pdf(pages):
    """A small and valid PDF; pages are lists of lines. A line that starts with # is a heading."""
    count = len(pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b" ".join(b"%d 0 R" % (5 + 2 * i) for i in range(count))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for i, lines in enumerate(pages):
        stream, y = b"BT\n", 780
        for line in lines:
            heading = line.startswith("#")
            shown = line.lstrip("# ").encode("cp1252")
            shown = shown.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            stream += b"/%s Tf 1 0 0 1 64 %d Tm (%s) Tj\n" % (b"F2 16" if heading else b"F1 11", y, shown)
            y -= 26 if heading else 16
        packed = zlib.compress(stream + b"ET\n", 9)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
            b" /Contents %d 0 R >>" % (6 + 2 * i)
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 14, 18, 20, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
