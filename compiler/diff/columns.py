"""Rows of dialects as columns: plain text of a fixed width, highlighted tables on a terminal, blocks in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from rich.cells import cell_len, chop_cells

from lenie.compiler.diff.sides import Piece, Row
from lenie.compiler.render import visible

#: The narrowest column in which code can still be read.
NARROWEST = 24
_BETWEEN = " | "
_LEXERS = {"cfn": "yaml", "tf": "terraform", "cdk": "python"}
_FENCES = {"cfn": "yaml", "tf": "hcl", "cdk": "python"}


def column_width(width: int, columns: int) -> int:
    """Return the width of each of some columns on lines of `width`."""
    return (width - len(_BETWEEN) * (columns - 1)) // columns


def plain_lines(component: str, found: Iterable[Row], targets: tuple[str, ...], width: int) -> Iterator[str]:
    """Yield rows as text in columns; long lines are continued on the next one, indented by two more columns."""
    column = column_width(width, len(targets))
    yield component
    yield _joined(list(targets), column)
    for row in found:
        yield from _rule(row, width)
        cells = [_cell(pieces, column) for pieces in row.cells]
        for lines in zip_longest(*cells, fillvalue=""):
            yield _joined(list(lines), column)


def _rule(row: Row, width: int) -> list[str]:
    title = "  ".join(filter(None, (row.title, " ".join(row.types), row.place)))
    *lines, last = _wrapped(f"---- {visible(title)}", width)
    return [*lines, f"{last} ".ljust(width, "-") if cell_len(last) < width else last]


def _joined(cells: list[str], column: int) -> str:
    padded = [cell + " " * (column - cell_len(cell)) for cell in cells]
    return _BETWEEN.join(padded).rstrip()


def _cell(pieces: tuple[Piece, ...], column: int) -> list[str]:
    lines: list[str] = []
    for number, piece in enumerate(pieces):
        lines += [""] if number else []
        lines += _wrapped(f"[{piece.place}]", column)
        for line in piece.lines:
            lines += _wrapped(visible(line), column)
    return lines


def _wrapped(line: str, width: int) -> list[str]:
    """Return a line as several that fit; what continues it stands two columns to the right of its beginning."""
    if cell_len(line) <= width:
        return [line.rstrip()]
    margin = min(len(line) - len(line.lstrip(" ")) + 2, width // 2)
    first = _chopped(line, width)
    rest = line[len(first) :].lstrip(" ")
    lines = [first.rstrip(" ")]
    while rest:
        part = _chopped(rest, width - margin)
        lines.append(" " * margin + part.rstrip(" "))
        rest = rest[len(part) :].lstrip(" ")
    return lines


def _chopped(text: str, width: int) -> str:
    """Return the beginning of a text that fits, up to a space if there is one in its last third."""
    part = chop_cells(text, width)[0]
    space = part.rfind(" ")
    return part if len(part) == len(text) or space <= 2 * len(part) // 3 else part[: space + 1]


def print_table(component: str, found: Iterable[Row], targets: tuple[str, ...], width: int) -> None:
    """Print rows on a terminal, highlighted."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console, Group
    from rich.rule import Rule
    from rich.syntax import Syntax
    from rich.table import Table
    from rich.text import Text

    console = Console(width=width)
    console.print(Rule(Text(component, "bold"), align="left"))
    for row in found:
        names = Text.assemble((visible(row.title), "bold"), "  ", " ".join(row.types), "  ", (row.place, "dim"))
        table = Table(title=names, title_justify="left", box=SIMPLE_HEAD, expand=True, padding=(0, 1, 0, 0))
        for target in targets:
            table.add_column(target, ratio=1, overflow="fold")
        cells = []
        for target, pieces in zip(targets, row.cells, strict=True):
            shown: list[Text | Syntax] = []
            for number, piece in enumerate(pieces):
                code = "\n".join(map(visible, piece.lines))
                shown += [Text("")] if number else []
                shown += [
                    Text(piece.place, "dim"),
                    Syntax(code, _LEXERS[target], theme="ansi_dark", word_wrap=True, background_color="default"),
                ]
            cells.append(Group(*shown))
        table.add_row(*cells)
        console.print(table)


def markdown_blocks(component: str, found: Iterable[Row], targets: tuple[str, ...]) -> Iterator[str]:
    """Yield a heading, and a block to unfold for each row with the code of each target."""
    yield f"### {component}: {', '.join(targets)}\n"
    for row in found:
        lines = [f"<details><summary><code>{visible(row.title)}</code> {' '.join(row.types)} {row.place}</summary>", ""]
        for target, pieces in zip(targets, row.cells, strict=True):
            for piece in pieces:
                code = [visible(line) for line in piece.lines]
                fence = "`" * max(3, 1 + max((_ticks(line) for line in code), default=0))
                lines += [f"{target}: {piece.place}", "", f"{fence}{_FENCES[target]}", *code, fence, ""]
        yield "\n".join([*lines, "</details>", ""])


def _ticks(line: str) -> int:
    """Return the length of the longest run of backticks."""
    longest = run = 0
    for character in line:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
