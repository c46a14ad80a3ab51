# As in train.py of sklearn, knn, digits

# %% Model: k nearest neighbours. It learns nothing: it looks up the most similar rows it knows.
def build_model(config: Config, count: int):
    return KNeighborsClassifier(config.n_neighbors)
