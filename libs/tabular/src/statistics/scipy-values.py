"""Writes scipy-values.json, what the statistics of this folder are compared with.

    python3 -m venv .venv && .venv/bin/pip install scipy==1.17.1
    .venv/bin/python libs/tabular/src/statistics/scipy-values.py > libs/tabular/src/statistics/scipy-values.json
    npx biome format --write libs/tabular/src/statistics/scipy-values.json

Samples are recorded as they are, or as the size of a series that the test computes itself: value i of a series is
((i * 7919 + start) % 10007) / scale, where no rounding differs between languages.
"""

import json

import numpy
import scipy
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import chi2_contingency, ks_2samp, kstwobign, wasserstein_distance

random = numpy.random.default_rng(20260101)


def rounded(values):
    return [round(float(value), 6) for value in values]


def series(size, start, scale):
    return [((i * 7919 + start) % 10007) / scale for i in range(size)]


SAMPLES = [
    ("the same values", {"a": [1.0, 2.0, 3.0, 4.0], "b": [4.0, 3.0, 2.0, 1.0]}),
    ("nothing in common", {"a": [1.0, 2.0, 3.0], "b": [10.0, 11.0]}),
    ("one value each", {"a": [1.0], "b": [2.5]}),
    ("constants", {"a": [5.0] * 7, "b": [5.0] * 3}),
    ("normal, and the same shifted", {"a": rounded(random.normal(0, 1, 40)), "b": rounded(random.normal(0.5, 1, 25))}),
    ("normal, and the same wider", {"a": rounded(random.normal(0, 1, 30)), "b": rounded(random.normal(0, 3, 50))}),
    ("many ties", {"a": rounded(random.integers(0, 4, 60)), "b": rounded(random.integers(0, 5, 45))}),
    ("heavy tails", {"a": rounded(random.lognormal(0, 3, 35)), "b": rounded(random.lognormal(1, 3, 35))}),
    ("huge and tiny", {"a": [1e-12, -1e12, 3e11, 0.0], "b": [2e-12, 1e12, -3e11]}),
    ("zeros of both signs", {"a": [-0.0, 0.0, 1.0], "b": [0.0, 0.0, 0.0, 2.0]}),
]
SERIES = [
    ("ten thousand, nearly alike", {"a": (10_000, 0, 10007), "b": (9_000, 17, 10007)}),
    ("ten thousand, one of them wider", {"a": (10_000, 0, 10007), "b": (8_000, 5, 9000)}),
]
COUNTS = [
    ("the same", [10, 20, 30], [10, 20, 30]),
    ("the same shares of more rows", [10, 20, 30], [100, 200, 300]),
    ("a shift", [50, 30, 20], [20, 30, 50]),
    ("an empty cell on one side", [50, 0, 20], [20, 30, 50]),
    ("a cell that is empty on both", [50, 0, 20], [20, 0, 50]),
    ("nothing in common", [10, 0], [0, 7]),
    ("two cells", [1000, 3], [900, 40]),
    ("many cells", [int(n) for n in random.integers(0, 100, 102)], [int(n) for n in random.integers(0, 120, 102)]),
    ("millions", [3_000_000, 2_000_000, 10], [2_990_000, 2_050_000, 40]),
    ("one cell", [5], [9]),
]


def compare_samples(a, b):
    statistic = float(ks_2samp(a, b).statistic)
    effective = len(a) * len(b) / (len(a) + len(b))
    return {
        "kolmogorovSmirnov": statistic,
        "kolmogorovSmirnovP": float(kstwobign.sf(statistic * numpy.sqrt(effective))),
        "wasserstein": float(wasserstein_distance(a, b)),
    }


def compare_counts(a, b):
    table = numpy.array([a, b])
    table = table[:, table.sum(axis=0) > 0]
    chi_square = chi2_contingency(table, correction=False)
    expected = numpy.maximum(numpy.array(a) / sum(a), 0.0001)
    actual = numpy.maximum(numpy.array(b) / sum(b), 0.0001)
    return {
        "jensenShannon": float(jensenshannon(a, b)),
        "jensenShannonBase2": float(jensenshannon(a, b, base=2)),
        "chiSquare": float(chi_square.statistic),
        "chiSquareP": float(chi_square.pvalue),
        "degreesOfFreedom": int(chi_square.dof),
        # rel_entr alone is for measures that add up to something; the terms p - q cancel in the sum of both.
        "populationStabilityIndex": float(numpy.sum(rel_entr(actual, expected) + rel_entr(expected, actual))),
    }


print(
    json.dumps(
        {
            "source": f"scipy-values.py with scipy {scipy.__version__}, numpy {numpy.__version__}",
            "samples": [
                {"name": name, **given, "wanted": compare_samples(given["a"], given["b"])} for name, given in SAMPLES
            ],
            "series": [
                {"name": name, **given, "wanted": compare_samples(series(*given["a"]), series(*given["b"]))}
                for name, given in SERIES
            ],
            "counts": [{"name": name, "a": a, "b": b, "wanted": compare_counts(a, b)} for name, a, b in COUNTS],
        },
        indent=2,
    )
)
