# As in train.py of pytorch, linear, texts

# %% Words: a column for each, high if it is frequent here and rare elsewhere (TF-IDF).
def words_of(text: str) -> list[str]:
    # A word, or a sign alone: "!" and smileys say something too
    return re.findall(r"\w+|[^\w\s]", text.lower())
