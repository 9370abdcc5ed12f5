"""The same training by others. Reads one JSON object a line and answers with one: learners.py LIBRARY."""

import json
import sys
import time

library = sys.argv[1]
if library == "scikit-learn":
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits
elif library == "xgboost":
    from xgboost import XGBClassifier
elif library == "lightgbm":
    from lightgbm import LGBMClassifier
else:
    sys.exit(f"there is no library {library} here")

import numpy


def rows(path, columns):
    """Float32 values column by column, with the label as the last column."""
    whole = numpy.fromfile(path, dtype=numpy.float32).reshape(columns + 1, -1)
    return numpy.ascontiguousarray(whole[:-1].T), whole[-1]


def model_of(order):
    trees, leaves, rate = order["trees"], order["leaves"], order["rate"]
    threads, l2, least, weight = order["threads"], order["l2"], order["leafRows"], order["childWeight"]
    if library == "scikit-learn":
        return HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate, l2_regularization=l2,
            min_samples_leaf=least, max_bins=255, early_stopping=False,
        )
    if library == "xgboost":
        return XGBClassifier(
            n_estimators=trees, max_leaves=leaves, max_depth=0, grow_policy="lossguide", learning_rate=rate,
            reg_lambda=l2, min_child_weight=weight, tree_method="hist", max_bin=256, n_jobs=threads,
        )
    return LGBMClassifier(
        n_estimators=trees, num_leaves=leaves, learning_rate=rate, reg_lambda=l2, min_child_samples=least,
        min_child_weight=weight, max_bin=255, num_threads=threads, verbosity=-1,
    )


def fit(order):
    values, truth = rows(order["train"], order["columns"])
    model = model_of(order)
    started, busy = time.perf_counter(), time.process_time()
    if library == "scikit-learn":
        with threadpool_limits(limits=order["threads"]):
            model.fit(values, truth)
    else:
        model.fit(values, truth)
    seconds, processor = time.perf_counter() - started, time.process_time() - busy
    fresh, _ = rows(order["fresh"], order["columns"])
    numpy.asarray(model.predict_proba(fresh)[:, 1], dtype=numpy.float64).tofile(order["answers"])
    return {"seconds": seconds, "processorSeconds": processor}


print(json.dumps({"ready": library}), flush=True)
for line in sys.stdin:
    print(json.dumps(fit(json.loads(line))), flush=True)
