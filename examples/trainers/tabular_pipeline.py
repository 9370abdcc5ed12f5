"""Columns into one table of numbers, for scikit-learn and for ONNX alike: shared by the examples."""

import numpy
import pandas
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def frame(part, request):
    """Numbers as float32, as they are when the model serves: a threshold then falls on the same side."""
    columns = {
        column.name: numpy.asarray(part.columns[column.name], dtype=numpy.float32 if column.type == "number" else object)
        for column in request.columns
    }
    return pandas.DataFrame(columns)


def preprocessing(request, scaled):
    """`scaled` for networks. Trees need it not, and what ONNX scales in float32 may cross a threshold."""
    numbers = make_pipeline(SimpleImputer(), StandardScaler()) if scaled else SimpleImputer()
    return ColumnTransformer(
        [
            ("numbers", numbers, request.numbers),
            ("categories", OneHotEncoder(handle_unknown="ignore", min_frequency=5, sparse_output=False), request.categories),
        ]
    )


def onnx_inputs(request):
    """One [N,1] input for each column, with its name: what Cascade feeds a model with."""
    return [
        (column.name, FloatTensorType([None, 1]) if column.type == "number" else StringTensorType([None, 1]))
        for column in request.columns
    ]
