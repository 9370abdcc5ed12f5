"""Records what scikit-learn measures on small seeded data, as scikit-learn.json beside this file.

Run with any Python that has scikit-learn: python scikit-learn.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics

random = np.random.default_rng(7)


def calibration_error(confidence, happened):
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    gaps = [abs(np.sum((confidence - happened)[bins == index])) for index in range(10)]
    return float(np.sum(gaps) / len(confidence))


def hit_rates(truth, labels, average):
    options = {"average": average, "zero_division": 0}
    return {
        "precision": metrics.precision_score(truth, labels, **options),
        "recall": metrics.recall_score(truth, labels, **options),
        "f1": metrics.f1_score(truth, labels, **options),
    }


def binary(rows, digits):
    truth = (random.random(rows) < 0.3).astype(int)
    share = np.round(np.clip(0.3 * truth + random.random(rows) * 0.7, 0, 1), digits)
    shares = np.column_stack([1 - share, share])
    labels = (share > 0.5).astype(int)
    return {
        "truth": truth.tolist(),
        "shares": shares.ravel().tolist(),
        "labels": labels.tolist(),
        "width": 2,
        "metrics": {
            "auc": metrics.roc_auc_score(truth, share),
            "averagePrecision": metrics.average_precision_score(truth, share),
            "calibrationError": calibration_error(share, truth),
            **hit_rates(truth, labels, "binary"),
            "logLoss": metrics.log_loss(truth, shares),
            "brier": metrics.brier_score_loss(truth, share),
            "accuracy": metrics.accuracy_score(truth, labels),
        },
    }


def multiclass(rows):
    truth = random.integers(0, 3, rows)
    raw = random.random((rows, 3)) + np.eye(3)[truth] * 0.5
    shares = raw / raw.sum(axis=1, keepdims=True)
    labels = shares.argmax(axis=1)
    return {
        "truth": truth.tolist(),
        "shares": shares.ravel().tolist(),
        "labels": labels.tolist(),
        "width": 3,
        "metrics": {
            "auc": metrics.roc_auc_score(truth, shares, multi_class="ovr", average="macro"),
            "averagePrecision": metrics.average_precision_score(np.eye(3)[truth], shares, average="macro"),
            "calibrationError": calibration_error(shares.max(axis=1), labels == truth),
            **hit_rates(truth, labels, "macro"),
            "logLoss": metrics.log_loss(truth, shares),
            "brier": metrics.brier_score_loss(truth, shares, labels=[0, 1, 2]),
            "accuracy": metrics.accuracy_score(truth, labels),
        },
    }


def regression(rows):
    truth = random.normal(100, 20, rows)
    predicted = truth + random.normal(3, 10, rows)
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "metrics": {
            "rmse": metrics.root_mean_squared_error(truth, predicted),
            "mae": metrics.mean_absolute_error(truth, predicted),
            "r2": metrics.r2_score(truth, predicted),
            "mape": metrics.mean_absolute_percentage_error(truth, predicted),
            "medianError": metrics.median_absolute_error(truth, predicted),
            "p90Error": float(np.quantile(np.abs(truth - predicted), 0.9)),
        },
    }


recorded = {
    "scikitLearn": sklearn.__version__,
    "binary": binary(80, 6),
    # Two digits make many equal scores; 0 and 1 among them are certain answers, some of them wrong.
    "binaryWithTies": binary(120, 1),
    "multiclass": multiclass(60),
    "regression": regression(50),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded, indent=1) + "\n")
