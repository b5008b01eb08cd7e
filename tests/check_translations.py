#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the translation files: usage check_translations.py SOURCE_DIR

Every counted text ("%Ln message(s)") of the source language has its forms, and they keep their place markers; every
counted text of the source stands in the file; counts are written as the system writes numbers. Exit status 1 and a line per offence otherwise.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

MARKER = re.compile(r"%L?(?:n|\d+)")
COUNTED = re.compile(r'\btr\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*(?:nullptr|"[^"]*")\s*,', re.S)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def offences(root: pathlib.Path):
    known = set()
    for file in sorted((root / "translations").glob("*.ts")):
        root_element = ElementTree.parse(file).getroot()
        if not root_element.get("language"):
            yield f"{file.name}: without a language, nobody knows which form is for one"
        for message in root_element.iter("message"):
            if message.get("numerus") != "yes":
                continue
            source = message.findtext("source")
            known.add(source)
            forms = [form.text or "" for form in message.iter("numerusform")]
            if len(forms) < 2 or not all(forms):
                yield f"{file.name}: a form is missing of “{source}”"
                continue
            for form in forms:
                if sorted(MARKER.findall(form)) != sorted(MARKER.findall(source)):
                    yield f"{file.name}: “{form}” has other markers than “{source}”"
                if file.name == "satchel_en.ts" and "(s)" in form:
                    yield f"{file.name}: “{form}” is not a form"
    for top in ("core", "ui", "app"):
        for path in sorted((root / top).rglob("*.cpp")):
            for match in COUNTED.finditer(path.read_text(encoding="utf-8")):
                text = "".join(LITERAL.findall(match.group(1)))
                text = text.replace('\\"', '"').replace("\\n", "\n")
                if "%n" in text:
                    yield f"{path.relative_to(root)}: “{text}” writes 1234567 without separators: %Ln"
                if text not in known:
                    yield f"{path.relative_to(root)}: “{text}” is not in translations/satchel_en.ts; build update_translations"


def main():
    found = list(offences(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    print(f"{len(found)} offences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
