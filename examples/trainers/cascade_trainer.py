"""What a Cascade training program in Python needs, in one file: copy it beside your program.

It needs nothing but Python 3.9 or newer. Ask for CSV in the pipeline file:

    training:
      trainer: {command: [python3, train.py], directory: my-trainer, data: csv}

The program is started in a folder that holds request.json, train.csv and validation.csv, and leaves
model.onnx and metrics.json there.
"""

import csv
import json
import math
import sys
from dataclasses import dataclass

csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)


@dataclass(frozen=True)
class Column:
    name: str
    type: str  # "number" or "category"


@dataclass(frozen=True)
class Request:
    task: str  # "binary", "multiclass" or "regression"
    label: str
    columns: list
    parameters: dict
    seed: int
    time_limit_seconds: float

    @property
    def numbers(self):
        return [column.name for column in self.columns if column.type == "number"]

    @property
    def categories(self):
        return [column.name for column in self.columns if column.type == "category"]


@dataclass(frozen=True)
class Part:
    """Rows of the training set: a list of values for each column, and the labels as they are written."""

    columns: dict
    labels: list

    def __len__(self):
        return len(self.labels)


def read_request():
    with open("request.json", encoding="utf-8") as file:
        request = json.load(file)
    if request["version"] != 1:
        raise SystemExit(f"request.json has version {request['version']}; this helper knows version 1.")
    return Request(
        task=request["task"],
        label=request["label"],
        columns=[Column(column["name"], column["type"]) for column in request["columns"]],
        parameters=request["parameters"],
        seed=request["seed"],
        time_limit_seconds=request["timeLimitMs"] / 1000,
    )


def read_part(name, request):
    """Reads "train" or "validation". A missing number is nan, a missing category the empty text."""
    columns = {column.name: [] for column in request.columns}
    labels = []
    with open(f"{name}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column in request.columns:
                text = row[column.name]
                columns[column.name].append(_number(text) if column.type == "number" else text)
            labels.append(row[request.label])
    return Part(columns, labels)


def _number(text):
    if text in ("true", "false"):
        return 1.0 if text == "true" else 0.0
    return float(text) if text != "" else math.nan


def list_classes(*parts):
    """The classes of all parts in one order: rare ones may be in one part alone."""
    texts = {label for part in parts for label in part.labels}
    try:
        return sorted(texts, key=float)
    except ValueError:
        return sorted(texts)


def class_indexes(part, classes):
    index = {name: position for position, name in enumerate(classes)}
    return [index[label] for label in part.labels]


def progress(step, of=None, message=None, **metrics):
    """Tells how far the program is; shown while it runs, and compared by the early stop of a search."""
    line = {"step": step, "metrics": _finite(metrics)}
    if of is not None:
        line["of"] = of
    if message is not None:
        line["message"] = message
    with open("progress.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def write_metrics(**metrics):
    """Leaves out what is no finite number, and says so: a metric that is not defined is no metric."""
    with open("metrics.json", "w", encoding="utf-8") as file:
        json.dump({"metrics": _finite(metrics)}, file, allow_nan=False)


def write_samples(part, predictions, most=100):
    """Keeps rows with the program's own answers. Cascade refuses a model whose file answers otherwise.

    `predictions`: for each row the probabilities of all classes, or for a regression the one number.
    """
    count = min(most, len(part))
    rows = [
        {name: (None if value != value else value) for name, value in _row(part, index).items()}
        for index in range(count)
    ]
    answers = [[float(value) for value in _listed(predictions[index])] for index in range(count)]
    with open("sample_predictions.json", "w", encoding="utf-8") as file:
        json.dump({"rows": rows, "predictions": answers}, file, allow_nan=False)


def name_classes(model, classes):
    """Writes the names of the classes into an ONNX model, in the order of its probabilities."""
    entry = model.metadata_props.add()
    entry.key = "cascade.classes"
    entry.value = json.dumps(list(classes))
    return model


def _row(part, index):
    return {name: values[index] for name, values in part.columns.items()}


def _listed(answer):
    return answer if hasattr(answer, "__len__") else [answer]


def _finite(metrics):
    kept = {}
    for name, value in metrics.items():
        if math.isfinite(float(value)):
            kept[name] = float(value)
        else:
            print(f"The metric {name} is {value}: left out.", file=sys.stderr)
    return kept
