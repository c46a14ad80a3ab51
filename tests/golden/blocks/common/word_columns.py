# As in train.py of pytorch, linear, texts

# %% Words: a column for each, high if it is frequent here and rare elsewhere (TF-IDF).
def count_words(text: str) -> Counter:
    # A word, or a sign alone: "!" and smileys say something too
    return Counter(re.findall(r"\w+|[^\w\s]", text.lower()))
