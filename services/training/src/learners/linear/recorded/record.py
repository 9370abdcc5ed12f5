"""What scikit-learn answers on 90 rows, for comparison: python record.py > scikit-learn.json"""

import json
import warnings

import numpy
import sklearn
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier

warnings.simplefilter("ignore")
random = numpy.random.default_rng(7)
rows = 90
# Multiples of 1/64 are the same number in 32 and 64 bits.
numbers = numpy.round(random.normal(size=(rows, 5)) * [1, 10, 0.5, 3, 1] * 64) / 64
numbers[:, 4] = numpy.round((numbers[:, 0] + 0.1 * random.normal(size=rows)) * 64) / 64
town = random.integers(0, 3, size=rows)
signal = 2 * numbers[:, 0] - 0.1 * numbers[:, 1] + numpy.array([-1, 0, 1.5])[town]
amount = numpy.round((10 + 3 * signal + random.normal(size=rows)) * 64) / 64
kind = (signal + random.logistic(size=rows) > 0.5).astype(int)
several = numpy.digitize(signal + random.logistic(size=rows), [-1, 1])

design = numpy.hstack(
    [(numbers - numbers.mean(axis=0)) / numbers.std(axis=0), numpy.eye(3)[town]]
)
exact = {"tol": 1e-12, "max_iter": 1_000_000}
linear = {
    (0, 1): Ridge(alpha=1, solver="cholesky"),
    (0, 50): Ridge(alpha=50, solver="cholesky"),
    (20, 0): Lasso(alpha=20 / rows, **exact),
    (100, 0): Lasso(alpha=100 / rows, **exact),
    (20, 10): ElasticNet(alpha=30 / rows, l1_ratio=20 / 30, **exact),
}
def logistic(l1, l2, **more):
    return LogisticRegression(C=1 / (l1 + l2), l1_ratio=l1 / (l1 + l2), solver="saga", **exact, **more)


cases = []
for (l1, l2), model in linear.items():
    answers = model.fit(design, amount).predict(design)
    cases.append({"task": "regression", "l1": l1, "l2": l2, "answers": answers.tolist()})
for l1, l2 in [(0, 1), (0, 20), (1, 0), (6, 0), (2, 3)]:
    answers = logistic(l1, l2).fit(design, kind).predict_proba(design)[:, 1]
    cases.append({"task": "binary", "l1": l1, "l2": l2, "answers": answers.tolist()})
answers = logistic(1, 1, class_weight="balanced").fit(design, kind).predict_proba(design)[:, 1]
cases.append({"task": "binary", "l1": 1, "l2": 1, "classWeights": "balanced", "answers": answers.tolist()})
for l1, l2 in [(0, 1), (2, 0)]:
    answers = OneVsRestClassifier(logistic(l1, l2)).fit(design, several).predict_proba(design)
    cases.append({"task": "multiclass", "l1": l1, "l2": l2, "answers": answers.ravel().tolist()})
for case in cases:
    case["answers"] = [float(f"{answer:.9g}") for answer in case["answers"]]

print(json.dumps({
    "source": f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}; see record.py",
    "numbers": numbers.T.tolist(),
    "town": town.tolist(),
    "labels": {"regression": amount.tolist(), "binary": kind.tolist(), "multiclass": several.tolist()},
    "cases": cases,
}))
