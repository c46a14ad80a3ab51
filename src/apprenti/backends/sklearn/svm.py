"""Model: a support vector machine. It looks for the widest gap between the classes."""

from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC, SVR

from apprenti.backends.common.settings import Config

# What its file may contain besides ordinary values
PARTS = [
    ("ObjectNode", "sklearn.svm._classes", "SVC"),
    ("ObjectNode", "sklearn.svm._classes", "SVR"),
    ("ObjectNode", "sklearn.calibration", "CalibratedClassifierCV"),
    ("ObjectNode", "sklearn.calibration", "_CalibratedClassifier"),
    ("ObjectNode", "sklearn.calibration", "_SigmoidCalibration"),
]


def build_model(config: Config, count: int):
    if config.regression:
        return SVR(kernel=config.kernel, C=config.C)
    # It gives no probabilities by itself: its scores are calibrated by 5-fold cross-validation
    return CalibratedClassifierCV(SVC(kernel=config.kernel, C=config.C), ensemble=False)


def count_parameters(model) -> int:
    if hasattr(model, "calibrated_classifiers_"):
        model = model.calibrated_classifiers_[0].estimator
    return model.support_vectors_.size + model.dual_coef_.size
