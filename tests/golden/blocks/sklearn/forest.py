# As in predict.py of sklearn, forest, digits

# %% Model: a random forest. The mean of many trees, each trained on other rows and columns.
# What its file may hold besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.ensemble._forest", "RandomForestClassifier"),
    ("ObjectNode", "sklearn.ensemble._forest", "RandomForestRegressor"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeClassifier"),
    ("ObjectNode", "sklearn.tree._classes", "DecisionTreeRegressor"),
    ("TreeNode", "sklearn.tree._tree", "Tree"),
]
