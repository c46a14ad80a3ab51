"""What is told of a file that is not simply a header and rows."""

from typing import Any, NamedTuple

from apprenti.language import say


class Remark(NamedTuple):
    """What was skipped or mended when a file was read: never passed over in silence."""

    what: str
    """The key of its words."""
    times: int
    lines: tuple[int, ...] = ()
    """The first of the lines of the file, counted from 1."""
    example: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What fills the places of its words."""
        lines = [str(line) for line in self.lines]
        return {"count": self.times, "lines": lines, "example": self.example}

    def told(self) -> str:
        """Say in the language of the moment what was skipped or mended."""
        places = ", ".join(map(str, self.lines))
        return say(f"data.reading.{self.what}.what", **{**self.values, "lines": places})
