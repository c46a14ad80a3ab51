# As in train.py of pytorch, linear, texts

# %% Words: a column for each, high if it is frequent here and rare elsewhere (TF-IDF).
def words_of(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.lower())  # "!" and smileys say something too
