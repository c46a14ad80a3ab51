# As in predict.py of pytorch, linear, table

# %% Columns: what is written in them becomes numbers, dates, categories.
def as_numbers(column: pd.Series, decimal: str, thousands: str, unit: str) -> pd.Series:
    """1 234,50 € becomes 1234.5; what is written otherwise, a word or 1.2.3, is missing."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    texts = plain_digits(column, unit)
    if thousands:
        # 1,234,567, or 12,34,567 as in India
        groups = rf"\d{{1,3}}(?:[{thousands}]\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}"
        in_groups = texts.str.fullmatch(rf"[+-]?(?:{groups})(?:[{decimal}]\d*)?")
        in_groups = in_groups.fillna(False).astype(bool)
        texts = texts.where(~in_groups, texts.str.replace(thousands, "", regex=False))
    if decimal == ",":
        texts = texts.str.translate(str.maketrans(",.", ".,"))
    return pd.to_numeric(texts, errors="coerce").astype(float)


def plain_digits(column: pd.Series, unit: str) -> pd.Series:
    """Return texts with one kind of space and of minus, -5 for (5) and for 5-, without the unit."""
    texts = column.astype(str).str.normalize("NFKC").str.lower().str.replace("−", "-")
    texts = texts.str.replace(r"^\s*\((.+)\)\s*$|^\s*([^-]+)-\s*$", r"-\1\2", regex=True)
    return texts.str.replace(unit, "", n=1, regex=False).str.strip()
