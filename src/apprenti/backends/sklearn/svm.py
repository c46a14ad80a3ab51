"""Model: a support vector machine. It looks for the widest gap between the classes."""

from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC, SVR

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def build_classifier(config: Config, data: Data):
    # It gives no probabilities by itself: five tries on part of the rows tell how sure it may be
    return CalibratedClassifierCV(SVC(kernel=config.kernel, C=config.C), ensemble=False)


def build_regressor(config: Config, data: Data):
    return SVR(kernel=config.kernel, C=config.C)


def count_parameters(model) -> int:
    if hasattr(model, "calibrated_classifiers_"):
        model = model.calibrated_classifiers_[0].estimator
    return model.support_vectors_.size + model.dual_coef_.size
