"""What others do with the same file: python peers.py PEER TABLE WINDOW prints seconds and peak MB."""

import resource
import sys
import time

peer, table, window = sys.argv[1:4]
numbers = [
    "quantity", "visits", "store", "amount", "price", "distance", "temperature",
    "latitude", "longitude", "rebate", "score", "pressure",
]

if peer == "pandas":
    import pandas

    started = time.perf_counter()
    frame = pandas.read_parquet(table)
    frame.describe(include="all")
    frame.nunique()
elif peer == "polars":
    import polars

    started = time.perf_counter()
    frame = polars.scan_parquet(table)
    columns = polars.all()
    frame.select(
        columns.null_count().name.suffix("_nulls"),
        columns.approx_n_unique().name.suffix("_distinct"),
        columns.min().name.suffix("_min"),
        columns.max().name.suffix("_max"),
        *[
            polars.col(numbers).quantile(q).name.suffix(f"_q{q}")
            for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
        ],
        polars.col(numbers).mean().name.suffix("_mean"),
        polars.col(numbers).std().name.suffix("_deviation"),
    ).collect(engine="streaming")
elif peer == "scipy":
    import pandas
    from scipy.stats import ks_2samp

    reference = pandas.read_parquet(table, columns=numbers)
    started = time.perf_counter()
    current = pandas.read_parquet(window, columns=numbers)
    for name in numbers:
        ks_2samp(reference[name].dropna(), current[name].dropna(), method="asymp")
elif peer == "pandera":
    import pandas
    import pandera.pandas as pandera

    checks = {
        "quantity": pandera.Column(checks=pandera.Check.in_range(1, 50)),
        "store": pandera.Column(checks=pandera.Check.in_range(0, 2000)),
        "amount": pandera.Column(checks=pandera.Check.ge(0)),
        "price": pandera.Column(checks=pandera.Check.in_range(0, 100)),
        "temperature": pandera.Column(checks=pandera.Check.in_range(-60, 100)),
        "latitude": pandera.Column(checks=pandera.Check.in_range(30, 50)),
        "score": pandera.Column(checks=pandera.Check.in_range(0, 1), nullable=True),
        "channel": pandera.Column(
            checks=pandera.Check.isin(["web", "store", "phone", "partner", "app", "fax"])
        ),
    }
    started = time.perf_counter()
    pandera.DataFrameSchema(checks).validate(pandas.read_parquet(table), lazy=True)
elif peer == "great_expectations":
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas

    between = {
        "quantity": (1, 50), "store": (0, 2000), "amount": (0, None), "price": (0, 100),
        "temperature": (-60, 100), "latitude": (30, 50), "score": (0, 1),
    }
    suite = gx.ExpectationSuite(
        name="orders",
        expectations=[
            *[
                gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high)
                for name, (low, high) in between.items()
            ],
            gxe.ExpectColumnValuesToBeInSet(
                column="channel", value_set=["web", "store", "phone", "partner", "app", "fax"]
            ),
        ],
    )
    source = gx.get_context(mode="ephemeral").data_sources.add_pandas("orders")
    whole = source.add_dataframe_asset("orders").add_batch_definition_whole_dataframe("all")
    started = time.perf_counter()
    batch = whole.get_batch({"dataframe": pandas.read_parquet(table)})
    if not batch.validate(suite).success:
        sys.exit("The table does not meet the expectations that it was made for.")
elif peer == "evidently":
    import pandas
    from evidently import Report
    from evidently.presets import DataDriftPreset

    reference = pandas.read_parquet(table, columns=numbers)
    started = time.perf_counter()
    current = pandas.read_parquet(window, columns=numbers)
    Report([DataDriftPreset(num_method="ks")]).run(current, reference)
else:
    sys.exit(f"There is no peer {peer}.")
seconds = time.perf_counter() - started
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
