"""Writes the tables of this folder as other programs do: the facts of installs.csv and licenses.csv, as Parquet.

    pip install pyarrow polars duckdb pandas
    python write.py
"""

import datetime
import decimal

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as encryption

ROWS = 300
DAY = datetime.date(2026, 1, 1)

installs = {
    "version": [f"t@{1 + index % 3}" for index in range(ROWS)],
    "quantity": [None if index % 4 else 1 + index % 5 for index in range(ROWS)],
    "asset": [f"PC-{index // 2:03}" for index in range(ROWS)],
    "user": ["Zoë" if index % 7 == 0 else None for index in range(ROWS)],
    "excluded": [None if index % 10 else 'old, "very" old' for index in range(ROWS)],
    "last_used": [None if index % 3 else DAY + datetime.timedelta(days=index) for index in range(ROWS)],
}
licenses = {
    "id": ["L1", "L2", "L3"],
    "sku": ["S", "S", "S"],
    "quantity": [100, None, 7],
    "unlimited": [False, True, None],
    "start": [DAY, None, None],
    "contract": [None, None, None],
}


def csv(name, columns):
    def cell(value):
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        return '"' + text.replace('"', '""') + '"' if '"' in text else text

    with open(name, "w", encoding="utf-8") as out:
        for row in [tuple(columns), *zip(*columns.values())]:
            print(",".join(cell(value) for value in row), file=out)


def typed(**types):
    """The installs with other types for some columns."""
    columns = {key: pa.array(values) for key, values in installs.items()}
    return pa.table({key: column.cast(types.get(key, column.type)) for key, column in columns.items()})


csv("installs.csv", installs)
csv("licenses.csv", licenses)
facts = typed()

# Defaults, and what each program offers beside them.
pq.write_table(facts, "installs-pyarrow.parquet")
pq.write_table(facts, "installs-groups.parquet", row_group_size=64, data_page_size=128, compression="gzip")
pq.write_table(facts, "installs-pages-2.parquet", data_page_version="2.0", compression="zstd")
pq.write_table(
    facts,
    "installs-delta.parquet",
    use_dictionary=False,
    data_page_version="2.0",
    compression="lz4",
    column_encoding={
        "version": "DELTA_BYTE_ARRAY",
        "quantity": "DELTA_BINARY_PACKED",
        "asset": "DELTA_BYTE_ARRAY",
        "user": "PLAIN",
        "excluded": "DELTA_LENGTH_BYTE_ARRAY",
        "last_used": "DELTA_BINARY_PACKED",
    },
)
pq.write_table(facts, "installs-plain.parquet", use_dictionary=False, compression="none")
polars.DataFrame(installs).write_parquet("installs-polars.parquet")
duckdb.sql("select * from facts").write_parquet("installs-duckdb.parquet")
duckdb.sql("copy facts to 'installs-duckdb-2.parquet' (parquet_version v2)")
frame = pandas.DataFrame(installs)
frame["quantity"] = frame["quantity"].astype("Int64")
frame["last_used"] = pandas.to_datetime(frame["last_used"])
frame["version"] = frame["version"].astype("category")
# A column without a single value is of no type, or of numbers with a fraction.
frame["contract"], frame["scope"] = None, float("nan")
frame.to_parquet("installs-pandas.parquet")

# Types of the same facts.
text = pa.dictionary(pa.int32(), pa.large_string())
millis = pa.timestamp("ms")
pq.write_table(
    typed(version=text, quantity=pa.uint8(), asset=pa.large_string(), user=pa.binary(), last_used=millis),
    "installs-types.parquet",
)
tens = [None if count is None else decimal.Decimal(count) for count in installs["quantity"]]
position = facts.schema.get_field_index("quantity")
decimals = facts.set_column(position, "quantity", pa.array(tens, pa.decimal128(38, 4)))
pq.write_table(decimals, "installs-decimals.parquet", coerce_timestamps="us")

pq.write_table(pa.table(licenses), "licenses-pyarrow.parquet")
polars.DataFrame(licenses).write_parquet("licenses-polars.parquet")
duckdb.from_arrow(pa.table(licenses)).write_parquet("licenses-duckdb.parquet")

# Tables that are refused.
refused = "../invalid/tables/parquet-"
good = {"version": ["office@2010", "office@2013"], "asset": ["PC-1", "PC-2"]}
with open(refused + "text.parquet", "w", encoding="utf-8") as out:
    out.write("version,asset\noffice@2010,PC-1\n")
pq.write_table(pa.table(good), refused + "packed.parquet", compression="brotli")
pq.write_table(pa.table(good), refused + "damaged.parquet")
with open(refused + "damaged.parquet", "r+b") as out:
    out.seek(pq.ParquetFile(out).metadata.row_group(0).column(1).data_page_offset)
    out.write(b"\xff" * 8)
pq.write_table(
    pa.table(good),
    refused + "encrypted.parquet",
    encryption_properties=encryption.create_encryption_properties(footer_key=b"0123456789abcdef"),
)
columns = {
    "verison": ["office@2010"],
    "asset": ["PC-1"],
    "ASSET": ["PC-2"],
    "user": [{"first": "Ann", "last": "Lee"}],
    "contract": [["EA-7", "EA-8"]],
}
names = ["asset" if name == "ASSET" else name for name in columns]
pq.write_table(pa.table([pa.array(column) for column in columns.values()], names), refused + "columns.parquet")
noon = datetime.datetime(2026, 8, 1, 12, 30)
types = {
    "version": ["office@2010", "office@2010", "office@2013"],
    "quantity": [None, 2.0, 3.5],
    "asset": pa.array([decimal.Decimal("10.10"), None, None], pa.decimal64(4, 2)),
    "user": [True, None, None],
    "last_used": pa.array([None, None, noon], pa.timestamp("us", "UTC")),
}
pq.write_table(pa.table(types), refused + "types.parquet")
values = {
    "version": ["office@2010", "office@2019", "", "office@2013"],
    "quantity": pa.array([1, 2, -3, None], pa.int16()),
    "asset": ["PC-1", "PC\t2", " PC-3", "PC-4"],
    "user": pa.array([b"Ann", b"Zo\xeb", b"Bob", None]),
    "last_used": pa.array([noon, datetime.datetime(2026, 8, 1), None, None], pa.timestamp("us")),
}
pq.write_table(pa.table(values), refused + "values.parquet")
