"""Sample files damaged at random, from one seed: what a network, a disk or a malicious sender makes of them."""

import random
from collections.abc import Iterator
from pathlib import Path

FILES = sorted((Path(__file__).parent / "files").iterdir())
PIECES = (
    b"\0", b"\r", b"\n", b"\r\n", b'"', b"'", b",", b";", b"|", b"^", b"~", b"&", b"\\", b"MSH", b"MSH|^~\\&|", b"OBX|", b"PID|",
    b"{", b"}", b"[", b"]", b":", b"null", b"NaN", b"1e999999", b"-1", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80",
    b"<", b"<!DOCTYPE x [", b"=cmd|' /C calc'!A0", b"\xe2\x80\xae", b"9" * 30, b"2026-02-30", b"99999999", b"\\X", b"\\XZZ\\",
    b"\\u0000", b"\\ud800",
    b"R-1", b"1948-03-02", b"pmol/L", b"pg/mL", b"718-7", b'"status":', b'"resourceType":"Bundle"',
)  # fmt: skip


def mutants(count: int, seed: int = 12) -> Iterator[tuple[str, bytes]]:
    """(name of the sample, damaged bytes), so many of them, the samples in turn."""
    chance = random.Random(seed)
    originals = [(path.name, path.read_bytes()) for path in FILES]
    for at in range(count):
        name, content = originals[at % len(originals)]
        for _ in range(chance.randint(1, 6)):
            content = chance.choice(_DAMAGES)(content, chance, originals)
        yield name, content


def _insert(content, chance, originals):
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice(PIECES) + content[at:]


def _cut(content, chance, originals):
    at = chance.randint(0, len(content))
    return content[:at] + content[at + chance.randint(1, 40) :]


def _cut_off(content, chance, originals):
    return content[: chance.randint(0, len(content))]


def _flip(content, chance, originals):
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _repeat(content, chance, originals):
    at = chance.randint(0, len(content))
    return content[:at] + content[at : at + 60] * chance.randint(2, 30) + content[at:]


def _swap_lines(content, chance, originals):
    lines = content.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _graft(content, chance, originals):
    _, other = chance.choice(originals)
    at, start = chance.randint(0, len(content)), chance.randint(0, len(other))
    return content[:at] + other[start : start + chance.randint(1, 200)] + content[at:]


_DAMAGES = (_insert, _insert, _cut, _cut_off, _flip, _flip, _repeat, _swap_lines, _graft)
