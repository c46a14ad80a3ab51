"""scikit-learn: its MLPClassifier, without the L2 penalty that it has by default."""

import time
import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from task import BATCH, HIDDEN, RATE, flat, read_task, report
from threadpoolctl import threadpool_limits

task = read_task()
# So few epochs are not meant to converge
warnings.simplefilter("ignore", ConvergenceWarning)
classifier = MLPClassifier(
    hidden_layer_sizes=(HIDDEN,),
    alpha=0,
    batch_size=BATCH,
    learning_rate_init=RATE,
    max_iter=task.epochs,
    random_state=0,
)
inputs = flat(task.train_images)

with threadpool_limits(task.threads or None):
    start = time.perf_counter()
    classifier.fit(inputs, task.train_labels)
    seconds = time.perf_counter() - start

report(task, seconds, classifier.predict_proba(flat(task.valid_images)))
