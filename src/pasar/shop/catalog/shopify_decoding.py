"""In which encoding is the file, and what are its physical lines?"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from pasar.shop.catalog.shopify_problems import Problems

SAMPLE_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 18
# A physical line longer than this is cut, so that a file without line ends cannot fill the memory.
_LONGEST_LINE_BYTES = 4 << 20


def lines_of(stream: BinaryIO, problems: Problems) -> Iterator[str]:
    """Yield the physical lines of `stream` with their line ends, as text.

    UTF-8 with and without BOM and UTF-16 with BOM are known; other files are Windows-1252. A line that is
    not UTF-8 in a UTF-8 file is read as Windows-1252 and reported: no byte makes the reading fail. NUL bytes
    are left out and reported.
    """
    sample = _read_fully(stream, SAMPLE_BYTES)
    number = 0
    for text in _texts(stream, sample, problems):
        # newline="" splits at \n, \r\n and \r alone, and keeps what it found.
        for line in io.StringIO(text, newline=""):
            number += 1
            if "\0" in line:
                problems.warn(number, "", "nul_byte", "The line holds NUL bytes; they were left out.")
                yield line.replace("\0", "")
            else:
                yield line


def _read_fully(stream: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, or all that there are, from a stream that may answer in small pieces."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _texts(stream: BinaryIO, sample: bytes, problems: Problems) -> Iterator[str]:
    """Yield text that always ends at a line end (but the last, and cut lines)."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _utf16(stream, sample)
        return
    encoding = "utf-8"
    if sample.startswith(codecs.BOM_UTF8):
        sample = sample[len(codecs.BOM_UTF8) :]
    elif not _is_utf8(sample):
        encoding = "cp1252"
        problems.warn(1, "", "encoding", "The file is not UTF-8; it was read as Windows-1252.")
    old_mac = b"\r" in sample and b"\n" not in sample
    line = 1
    for block in _whole_lines(stream, sample, b"\r" if old_mac else b"\n"):
        text = _decode(block, encoding, line, problems)
        line += text.count("\n") if not old_mac else text.count("\r")
        yield text


def _is_utf8(sample: bytes) -> bool:
    """Tell UTF-8 from Windows-1252; one spoilt line does not turn a UTF-8 file into Windows-1252."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        good = bad = 0
        for line in sample.split(b"\n")[:-1] or [sample]:
            if not line.isascii():
                try:
                    line.decode()
                    good += 1
                except UnicodeDecodeError:
                    bad += 1
        return good > bad
    return True


def _whole_lines(stream: BinaryIO, first: bytes, end: bytes) -> Iterator[bytes]:
    rest, block = b"", first
    while block:
        rest += block
        cut = rest.rfind(end) + 1
        # A final \r may be the first half of \r\n; only an old Macintosh file is cut there.
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_LINE_BYTES:
            yield rest
            rest = b""
        block = stream.read(_BLOCK_BYTES)
    if rest:
        yield rest


def _decode(block: bytes, encoding: str, line: int, problems: Problems) -> str:
    if encoding != "utf-8":
        return block.decode(encoding, "replace")
    try:
        return block.decode()
    except UnicodeDecodeError:
        return "".join(
            _decode_line(part, line + offset, problems)
            for offset, part in enumerate(block.splitlines(keepends=True))
        )


def _decode_line(part: bytes, line: int, problems: Problems) -> str:
    try:
        return part.decode()
    except UnicodeDecodeError:
        problems.warn(line, "", "encoding", "The line is not UTF-8; it was read as Windows-1252.")
        return part.decode("cp1252", "replace")


def _utf16(stream: BinaryIO, sample: bytes) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    rest, block = "", sample
    while block:
        rest += decoder.decode(block)
        cut = rest.rfind("\n") + 1
        if not cut and len(rest) > _LONGEST_LINE_BYTES:
            cut = len(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        block = stream.read(_BLOCK_BYTES)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest
