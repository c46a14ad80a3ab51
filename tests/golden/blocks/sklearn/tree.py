# As in predict.py of sklearn, tree, digits

# %% Model: a decision tree. It asks one question after the other, each answered by yes or no.
# What its file may hold besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeClassifier"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeRegressor"),
    ("TreeNode", "sklearn.tree._tree", "Tree"),
]
