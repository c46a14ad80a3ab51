# As in predict.py of pytorch, linear, table

# %% Columns: what is written in them becomes numbers, dates, categories.
def as_numbers(column, decimal: str, thousands: str, unit: str, config: Config) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column
    texts = column.astype(str)
    # One kind of space, of minus
    texts = texts.str.normalize("NFKC").str.replace("−", "-")
    texts = texts.str.lower()
    # -5 for (5) and for 5-
    texts = texts.str.replace(r"^\s*\((.+)\)\s*$|^\s*([^-]+)-\s*$", r"-\1\2", regex=True)
    texts = texts.str.replace(unit, "", n=1, regex=False).str.strip()
    if thousands:
        # 1,234,567, or 12,34,567 as in India; 1.2.3 is no number
        groups = rf"\d{{1,3}}(?:[{thousands}]\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}"
        in_groups = texts.str.fullmatch(rf"[+-]?(?:{groups})(?:[{decimal}]\d*)?")
        in_groups = in_groups.fillna(False).astype(bool)
        texts = texts.where(~in_groups, texts.str.replace(thousands, "", regex=False))
    texts = texts.str.translate(str.maketrans({decimal: ".", ".": decimal}))
    return pd.to_numeric(texts, errors="coerce").astype(float)
