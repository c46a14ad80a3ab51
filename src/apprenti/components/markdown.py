"""The same blocks as Markdown: a chart is its table, and what stands in names begins nothing."""

import re
from collections.abc import Iterator, Sequence

from apprenti.components.blocks import (
    Block,
    Chart,
    Code,
    Facts,
    Folded,
    Heading,
    Notice,
    Page,
    Pictures,
    Points,
    Table,
    Text,
)
from apprenti.language import current
from apprenti.printable import printable

ACTIVE = re.compile(r"[\\`*_\[\]|~$]")
AT_THE_START = re.compile(r"^(\s*)([#>+=-]|\d+[.)])")
ADDRESS = re.compile(r"(?i)\b(https?|ftp|www|mailto|javascript|data|xmpp)([:.])")


def render(page: Page) -> str:
    """Return a page as Markdown (CommonMark with the tables of GitHub)."""
    lines = [f"# {escaped(page.title)}", *_blocks(page.opening)]
    for section in page.sections:
        lines += [f"## {escaped(section.title)}", *_blocks(section.blocks)]
    if page.closing:
        lines += ["---", escaped(page.closing)]
    return "\n\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text in one line that Markdown shows as it is: no HTML, no link, no formatting."""
    line = " ".join(printable(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = ACTIVE.sub(lambda found: f"\\{found[0]}", line)
    line = ADDRESS.sub(lambda found: f"{found[1]}&#{ord(found[2])};", line)
    return AT_THE_START.sub(_inert, line)


def _inert(found: re.Match[str]) -> str:
    """Keep a line from beginning a heading, a list or a quotation."""
    space, sign = found.groups()
    return f"{space}{sign[:-1]}\\{sign[-1]}"


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"### {escaped(block.text)}"
    elif isinstance(block, Text):
        yield escaped(block.text)
    elif isinstance(block, Points):
        yield "\n".join(f"- {escaped(text)}" for text in block.texts)
    elif isinstance(block, Facts):
        colon = "\u202f:" if current() == "fr" else ":"
        pairs = [(escaped(name), escaped(value)) for name, value in block.pairs]
        yield "\n".join(f"- **{name}**{colon} {value}" for name, value in pairs)
    elif isinstance(block, Notice):
        yield from _notice(block)
    elif isinstance(block, Table | Chart):
        yield from _table(block.table if isinstance(block, Chart) else block)
    elif isinstance(block, Code):
        yield fenced(block.text)
    elif isinstance(block, Folded):
        yield from _blocks(block.blocks)
    elif isinstance(block, Pictures):
        yield "\n".join(f"- {escaped(one.alternative)}" for one in block.pictures)


def _notice(block: Notice) -> Iterator[str]:
    text = f"> **{escaped(block.label)}** {escaped(block.text)}"
    yield f"{text}\n>\n> {escaped(block.todo)}" if block.todo else text
    if block.commands:
        yield fenced("\n".join(block.commands))


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        return
    yield f"*{escaped(table.caption)}*"
    heads = [escaped(column.name) for column in table.columns]
    rules = ["---:" if column.is_number else "---" for column in table.columns]
    rows = [[escaped(cell) for cell in row] for row in table.rows]
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in [heads, rules, *rows])


def fenced(text: str) -> str:
    """Return a program, or commands, between fences that nothing in them closes."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{printable(text)}\n{fence}"
