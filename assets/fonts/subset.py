#!/usr/bin/env python3
"""Makes the fonts of this folder from Noto Sans and Noto Sans CJK SC with fonttools.

    python3 assets/fonts/subset.py [FOLDER OF NotoSans-*.ttf] [FOLDER OF NotoSansCJK-Regular.ttc]

The defaults are where Debian's packages fonts-noto-core and fonts-noto-cjk put them.
The same fonts and the same fonttools give the same bytes.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).resolve().parent
LATIN_FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/noto")
HAN_FOLDER = Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/fonts/opentype/noto")
SIMPLIFIED_CHINESE = 2  # the face "Noto Sans CJK SC" of the collection


def span(first, last):
    return {chr(code) for code in range(first, last + 1)}


def gb2312(first_row, last_row):
    """Characters of rows of GB 2312: 1 to 9 are signs, 16 to 55 the 3,755 characters of level 1."""
    characters = set()
    for row in range(first_row, last_row + 1):
        for cell in range(1, 95):
            try:
                characters.add(bytes([row + 0xA0, cell + 0xA0]).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    return characters


LATIN = (
    span(0x20, 0x7E)
    | span(0xA0, 0x17F)  # Latin-1 and Latin Extended-A: the names of Europe
    | span(0x386, 0x3CE)  # Greek
    | set("ȘșȚț–—‘’“”„†•…‰′″€№™Ω\u202f\u2009\u200b")
    | span(0x2070, 0x209C)  # superscripts and subscripts: CO₂, m³, s⁻¹
)
SIGNS = set("−≈≠≤≥∞√∂∑∆∫←↑→↓⇒✓■□▲△▼▽◆◇○●★☆▏▎▍▌▋▊▉█─│┌┐└┘├┤①②③④⑤⑥⑦⑧⑨⑩℃‰№")
# Level 2 of GB 2312 that the trade needs: enthalpy, entropy, lithium, fluorine, turbine, vortex, refrigerants …
TRADE = set("焓熵锂铌铟镍铬钛钴氟氯硅碳烷烃醇胺歧囱涡蜗阀冗柜翅吋厘瓩帕赫淬煤焦耗沼")
HAN = gb2312(16, 55) | gb2312(1, 9) | TRADE | SIGNS | span(0x20, 0x7E) | set("、。，；：？！（）《》「」【】％　")


def write(font, characters, name):
    known = set(font.getBestCmap())
    wanted = {ord(c) for c in characters}
    options = subset.Options()
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.name_languages = [0x409]
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
    options.hinting = False
    options.drop_tables += ["VORG", "vhea", "vmtx", "DSIG"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted & known)
    subsetter.subset(font)
    path = HERE / name
    font.save(path)
    missing = "".join(sorted(chr(c) for c in wanted - known))
    print(f"{name}: {path.stat().st_size / 1024:.0f} KiB, {len(wanted & known)} characters, not in the source: {missing!r}")


for weight in ["Regular", "Bold"]:
    write(TTFont(LATIN_FOLDER / f"NotoSans-{weight}.ttf", recalcTimestamp=False), LATIN, f"NotoSans-{weight}-subset.ttf")
collection = TTCollection(HAN_FOLDER / "NotoSansCJK-Regular.ttc", lazy=True)
han = collection.fonts[SIMPLIFIED_CHINESE]
han.recalcTimestamp = False
write(han, HAN, "NotoSansCJKsc-Regular-subset.otf")
