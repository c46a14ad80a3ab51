"""A small table as a French Excel writes it, its rows made by their numbers."""


def shops(numbers, target=True):
    """Return a table in text: codes, decimal commas, accents, marks around words alone."""
    lines = ['"code";"surface";"ville"' + ';"genre"' * target]
    for number in numbers:
        kind = ';"épicerie"' if number % 2 else ';"librairie"'
        town = ("Orléans", "Nîmes", "Brest")[number % 3]
        area = f"{20 + number + 50 * (number % 2)},5"
        lines.append(f'"{number:05}";{area};"{town}"{kind if target else ""}')
    return "\r\n".join([*lines, ""])
