"""What a fast run leaves to a full one: tests that are slow, and most cases of those with few."""


def left_to_full_runs(items):
    """Return the tests of `items` that are marked slow, and the cases that few(n) leaves out.

    The n cases that a fast run has of a test lie at equal distances in the order of the others.
    """
    left, cases = set(), {}
    for item in items:
        if item.get_closest_marker("slow"):
            left.add(item)
        elif item.get_closest_marker("few"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for several in cases.values():
        count = min(several[0].get_closest_marker("few").args[0], len(several))
        left |= {*several} - {several[place * len(several) // count] for place in range(count)}
    return left
