"""Random forest of scikit-learn, as a Cascade training program."""

from pathlib import Path

import cascade_trainer as cascade
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from tabular_pipeline import frame, onnx_inputs, preprocessing

request = cascade.read_request()
train, validation = cascade.read_part("train", request), cascade.read_part("validation", request)
classes = cascade.list_classes(train, validation)
truth = cascade.class_indexes(validation, classes)

forest = RandomForestClassifier(
    n_estimators=int(request.parameters.get("trees", 50)),
    max_depth=int(request.parameters.get("depth", 8)),
    random_state=request.seed,
)
pipeline = make_pipeline(preprocessing(request, scaled=False), forest)
pipeline.fit(frame(train, request), cascade.class_indexes(train, classes))
probabilities = pipeline.predict_proba(frame(validation, request))
cascade.progress(1, 1, logLoss=log_loss(truth, probabilities, labels=range(len(classes))))

model = to_onnx(pipeline, name="forest", initial_types=onnx_inputs(request), options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
Path("model.onnx").write_bytes(cascade.name_classes(model, classes).SerializeToString())
metrics = {"logLoss": log_loss(truth, probabilities, labels=range(len(classes)))}
if len(classes) == 2:
    metrics["auc"] = roc_auc_score(truth, probabilities[:, 1])
cascade.write_metrics(**metrics)
cascade.write_samples(validation, probabilities)
