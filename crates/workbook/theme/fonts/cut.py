#!/usr/bin/env python3
"""Cuts the book's fonts to the characters that its pages use.

    pip install fonttools==4.68.0 brotli==1.2.1
    cargo test -p book-tests every_page                  # leaves the characters in target/characters.json
    python3 crates/workbook/theme/fonts/cut.py           # fetches the whole fonts with npm, once, into target/fonts

README.md beside this file says where the fonts are from.
"""

import json
import subprocess
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[3] / "target"
PACKAGES = TARGET / "fonts"

ASCII = {chr(code) for code in range(0x20, 0x7F)}
# What any sentence may have, so that not each new one needs a cut.
PROSE = ASCII | set("\u00a0‘’“”–—…·×÷±−²³½¼§°éèüöäßñç")
MATHS = ASCII | set("\u00a0√′″‴−×⋅±=≈≤≥")
# Raised letters, which none of the fonts has: drawn from the letter.
RAISED = {0x1D40: "T", 0x1D57: "t"}


def fetch(package, version):
    """The folder of an npm package."""
    folder = PACKAGES / f"{package.rsplit('/')[-1]}-{version}"
    if not folder.exists():
        PACKAGES.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"], cwd=PACKAGES, check=True, capture_output=True, text=True
        )
        with tarfile.open(PACKAGES / packed.stdout.strip()) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def draw(font, name, source, matrix, width):
    """A glyph that is another one, moved and scaled."""
    pen = TTGlyphPen(None)
    font.getGlyphSet()[source].draw(TransformPen(pen, matrix))
    font["glyf"][name] = pen.glyph()
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = (round(width), font["glyf"][name].xMin)
    font.setGlyphOrder(font["glyf"].glyphOrder)


def raise_letters(font, wanted):
    """Adds those of the raised letters that are wanted."""
    names = font.getBestCmap()
    monospaced = font["post"].isFixedPitch
    for code, letter in RAISED.items():
        if chr(code) in wanted and ord(letter) in names:
            source, size = names[ord(letter)], 0.62
            width = font["hmtx"][source][0]
            left = (1 - size) / 2 * width if monospaced else 0
            up = 0.36 * font["head"].unitsPerEm
            draw(font, f"uni{code:04X}", source, (size, 0, 0, size, left, up), width if monospaced else width * size)
            for table in font["cmap"].tables:
                if table.isUnicode():
                    table.cmap[code] = f"uni{code:04X}"


def lower_primes(font):
    """Puts back the feature `ssty`, which the package's STIX Two Math has lost: a prime in a superscript is drawn large and low there,
    since it is set small and high. workbook.css turns it on for superscripts."""
    names, rules = font.getBestCmap(), ""
    for code in (0x2032, 0x2033, 0x2034, 0x2057):
        if code in names:
            name = names[code]
            low, width = name + ".ssty", font["hmtx"][name][0]
            # 1/0.7 undoes the script size; the shifts bring the prime back to where a full-size one stands, seen from the raised
            # baseline of a superscript.
            draw(font, low, name, (1.43, 0, 0, 1.43, 45 - 66 * 1.43, 60 - 399 * 1.43), width * 1.43 - 104)
            rules += f"sub {name} by {low};"
    addOpenTypeFeaturesFromString(font, "feature ssty {" + rules + "} ssty;", tables=["GSUB"])


def cut(source, to, wanted, features, names=False, then=lambda font: None):
    """Writes the part of a font that is wanted; gives the characters it has."""
    options = subset.Options(hinting=False, layout_features=features, glyph_names=names, flavor="woff2")
    font = subset.load_font(str(source), options)
    font.recalcTimestamp = False
    raise_letters(font, wanted)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in wanted])
    subsetter.subset(font)
    then(font)
    font.flavor = "woff2"
    font.save(HERE / to)
    print(f"{to}: {(HERE / to).stat().st_size} bytes")
    return {chr(code) for code in font.getBestCmap()}


def main():
    used = {"text": set(PROSE), "maths": set(MATHS), "mono": set(ASCII)}
    for style, characters in json.loads((TARGET / "characters.json").read_text()).items():
        family = style.split("px ")[1]
        kind = "maths" if family.startswith('"STIX Two Math"') else "mono" if family.startswith('"JetBrains') else "text"
        used[kind] |= set(characters)

    text = fetch("@fontsource/stix-two-text", "5.3.0") / "files"
    for face, file in {
        "roman": "400-normal",
        "semibold": "600-normal",
        "italic": "400-italic",
        "semibold-italic": "600-italic",
    }.items():
        features = ["ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "pnum", "tnum"]
        found = cut(text / f"stix-two-text-latin-{file}.woff2", f"stix-two-text-{face}.woff2", used["text"], features)
        if face in ("roman", "italic"):
            for script, name in {"greek": "greek", "latin-ext": "ext"}.items():
                source = text / f"stix-two-text-{script}-{file}.woff2"
                found |= cut(source, f"stix-two-text-{name}-{face}.woff2", used["text"] - found, features)
            # What the text face lacks is taken from the face of the formulas, as workbook.css has it.
            used["maths"] |= used["text"] - found

    mono = fetch("@expo-google-fonts/jetbrains-mono", "0.4.1") / "400Regular/JetBrainsMono_400Regular.ttf"
    used["maths"] |= used["mono"] - cut(mono, "jetbrains-mono.woff2", used["mono"], ["ccmp", "mark", "zero"])

    maths = fetch("@fontsource/stix-two-math", "5.3.0") / "files/stix-two-math-latin-400-normal.woff2"
    cut(maths, "stix-two-math.woff2", used["maths"], [], names=True, then=lower_primes)


main()
