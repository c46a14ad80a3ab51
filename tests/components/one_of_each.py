"""One of each chart, as its page would ask for it."""

from apprenti.components import bars, curves, heatmap, intervals, reliability, scatter

HOSTILE = (
    '</title><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
    '" onmouseover="window.hacked=1'
)


def charts(name):
    """Return one of each chart, whose names are all this one."""
    return [
        curves.curves(
            "a",
            name,
            name,
            [
                curves.Line(name, [(1, 0.9), (2, float("nan")), (3, 0.4)], ring=3),
                curves.Line(name, [(1, 0.8), (2, 0.5), (3, 0.2)], 1, 1),
                curves.Line(name, [(1, 0.7)], 2, is_level=True),
            ],
            name,
            name,
        ),
        intervals.intervals(
            "b",
            name,
            name,
            [
                intervals.Dot(name, 0.8, 0.7, 0.9, intervals.Look("s1", "diamond", name)),
                intervals.Dot(name, 0.5, None, 0.6, intervals.Look("s2", "hollow square", name)),
            ],
            name,
            0.0,
        ),
        bars.bars("c", name, name, [bars.Bars(name, (3, -1), ("3", name))], [name, name]),
        heatmap.heatmap("d", name, name, [name, "b"], [[3, 1], [0, 0]], (name, name)),
        scatter.scatter(
            "e", name, name, [(1, 2), (2, 1)], (name, name), diagonal=True, marked=[(1, 2)]
        ),
        reliability.reliability(
            "f", name, name, [reliability.Bin(0.9, 0.8, 0.7, 0.9, 10)], (name, name, name)
        ),
    ]
