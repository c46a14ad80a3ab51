# As in train.py of sklearn, svm, digits

# %% Model: a support vector machine. It looks for the widest gap between the classes.
def build_model(config: Config, count: int):
    # It gives no probabilities by itself: its scores are calibrated by 5-fold cross-validation
    return CalibratedClassifierCV(SVC(kernel=config.kernel, C=config.C), ensemble=False)


def count_parameters(model) -> int:
    if hasattr(model, "calibrated_classifiers_"):
        model = model.calibrated_classifiers_[0].estimator
    return model.support_vectors_.size + model.dual_coef_.size
