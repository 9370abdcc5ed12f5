"""A small network of PyTorch, as a Cascade training program that tells each epoch."""

import io
from pathlib import Path

import cascade_trainer as cascade
import numpy
import onnx
import torch
from skl2onnx import to_onnx
from sklearn.metrics import log_loss, roc_auc_score
from tabular_pipeline import frame, onnx_inputs, preprocessing

request = cascade.read_request()
torch.manual_seed(request.seed)
torch.set_num_threads(1)
train, validation = cascade.read_part("train", request), cascade.read_part("validation", request)
classes = cascade.list_classes(train, validation)
truth = cascade.class_indexes(validation, classes)
epochs = int(request.parameters.get("epochs", 30))

columns = preprocessing(request, scaled=True)
table = torch.tensor(columns.fit_transform(frame(train, request)).astype(numpy.float32))
held_out = torch.tensor(columns.transform(frame(validation, request)).astype(numpy.float32))
targets = torch.tensor(cascade.class_indexes(train, classes))


class Network(torch.nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(width, units), torch.nn.ReLU(), torch.nn.Linear(units, len(classes))
        )

    def forward(self, table):
        probabilities = torch.softmax(self.layers(table), dim=1)
        return torch.argmax(probabilities, dim=1, keepdim=True), probabilities


network = Network(table.shape[1], int(request.parameters.get("units", 16)))
optimizer = torch.optim.Adam(network.parameters(), lr=float(request.parameters.get("learningRate", 0.01)))
for epoch in range(1, epochs + 1):
    for batch in torch.randperm(len(table)).split(64):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network.layers(table[batch]), targets[batch]).backward()
        optimizer.step()
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(network.layers(held_out), torch.tensor(truth))
    cascade.progress(epoch, epochs, validationLoss=loss.item())

with torch.no_grad():
    probabilities = network(held_out)[1].numpy()

# Two graphs become one: the columns into a table as scikit-learn has learned it, and the network behind it.
opset = 17
before = to_onnx(columns, name="columns", initial_types=onnx_inputs(request), target_opset={"": opset, "ai.onnx.ml": 3})
buffer = io.BytesIO()
torch.onnx.export(
    network.eval(),
    (held_out[:2],),
    buffer,
    input_names=["table"],
    output_names=["label", "probabilities"],
    dynamic_axes={"table": {0: "rows"}, "label": {0: "rows"}, "probabilities": {0: "rows"}},
    opset_version=opset,
    dynamo=False,
)
after = onnx.load_from_string(buffer.getvalue())
before.ir_version = after.ir_version = 8
model = onnx.compose.merge_models(
    onnx.compose.add_prefix(before, "columns/", rename_inputs=False), after, io_map=[("columns/" + before.graph.output[0].name, "table")]
)
Path("model.onnx").write_bytes(cascade.name_classes(model, classes).SerializeToString())
metrics = {"logLoss": log_loss(truth, probabilities, labels=range(len(classes)))}
if len(classes) == 2:
    metrics["auc"] = roc_auc_score(truth, probabilities[:, 1])
cascade.write_metrics(**metrics)
cascade.write_samples(validation, probabilities)
