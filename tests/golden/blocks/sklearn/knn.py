# As in predict.py of sklearn, knn, digits

# %% Model: k nearest neighbours. It learns nothing: it looks up the most similar rows it knows.
# What its file may hold besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.neighbors._classification", "KNeighborsClassifier"),
    ("ObjectNode", "sklearn.neighbors._regression", "KNeighborsRegressor"),
    ("ObjectNode", "sklearn.neighbors._kd_tree", "KDTree"),
    ("ObjectNode", "sklearn.metrics._dist_metrics", "EuclideanDistance64"),
]
