"""Boosted trees of XGBoost, as a Cascade training program that tells each round."""

from pathlib import Path

import cascade_trainer as cascade
import numpy
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import Pipeline
from tabular_pipeline import frame, onnx_inputs, preprocessing
from xgboost import XGBClassifier
from xgboost.callback import TrainingCallback

request = cascade.read_request()
train, validation = cascade.read_part("train", request), cascade.read_part("validation", request)
classes = cascade.list_classes(train, validation)
truth = cascade.class_indexes(validation, classes)
rounds = int(request.parameters.get("rounds", 100))


class Told(TrainingCallback):
    def after_iteration(self, model, epoch, evals_log):
        (measured,) = evals_log["validation_0"].values()
        cascade.progress(epoch + 1, rounds, validationLoss=measured[-1])
        return False


columns = preprocessing(request, scaled=False)
table = columns.fit_transform(frame(train, request)).astype(numpy.float32)
held_out = columns.transform(frame(validation, request)).astype(numpy.float32)
trees = XGBClassifier(
    n_estimators=rounds,
    learning_rate=float(request.parameters.get("learningRate", 0.1)),
    max_depth=int(request.parameters.get("depth", 5)),
    random_state=request.seed,
    n_jobs=1,
    callbacks=[Told()],
)
trees.fit(table, cascade.class_indexes(train, classes), eval_set=[(held_out, truth)], verbose=False)
probabilities = trees.predict_proba(held_out)

update_registered_converter(
    XGBClassifier,
    "XGBoostXGBClassifier",
    calculate_linear_classifier_output_shapes,
    convert_xgboost,
    options={"nocl": [True, False], "zipmap": [True, False, "columns"]},
)
trees.set_params(callbacks=None)
pipeline = Pipeline([("columns", columns), ("trees", trees)])
model = to_onnx(
    pipeline,
    name="trees",
    initial_types=onnx_inputs(request),
    options={"trees__zipmap": False},
    target_opset={"": 17, "ai.onnx.ml": 3},
)
Path("model.onnx").write_bytes(cascade.name_classes(model, classes).SerializeToString())
metrics = {"logLoss": log_loss(truth, probabilities, labels=range(len(classes)))}
if len(classes) == 2:
    metrics["auc"] = roc_auc_score(truth, probabilities[:, 1])
cascade.write_metrics(**metrics)
cascade.write_samples(validation, probabilities)
