#!/usr/bin/env python3
"""Gathers newer price tables for convert.py from what the Python package index holds.

    python3 -m venv V && V/bin/pip install genai-prices && pip download --no-deps litellm
    V/bin/python load-tests/prices/tables.py LITELLM_WHEEL OLD_FOLDER NEW_FOLDER

genai-prices' table is read from the installed package, LiteLLM's from its wheel; models.dev publishes no package, so that its
table is taken over from OLD_FOLDER, and only fills in what the two others leave out. Give convert.py the day of genai-prices.
"""
import datetime
import gzip
import json
import pathlib
import shutil
import sys
import zipfile
from decimal import Decimal

from genai_prices import data, types

LITELLM_TABLE = "litellm/model_prices_and_context_window_backup.json"
MODELS_DEV = "models.dev.json.gz"
CLAUSES = ("equals", "starts_with", "ends_with", "contains", "regex")


def clause(match):
    """A match clause as the JSON table writes it."""
    for name, member in (("or", "or_"), ("and", "and_")):
        if hasattr(match, member):
            return {name: [clause(part) for part in getattr(match, member)]}
    return {name: getattr(match, name) for name in CLAUSES if hasattr(match, name)}


def prices(model_price):
    return {key: value for key, value in vars(model_price).items() if value is not None}


def conditional(price):
    entry = {"prices": prices(price.prices)}
    if isinstance(price.constraint, types.StartDateConstraint):
        entry["constraint"] = {"start_date": price.constraint.start_date}
    elif price.constraint is not None:
        entry["constraint"] = {"start_time": price.constraint.start_time, "end_time": price.constraint.end_time}
    return entry


def model(info):
    known = isinstance(info.prices, types.ModelPrice)
    entry = {"id": info.id, "match": clause(info.match), "prices": prices(info.prices) if known else [conditional(p) for p in info.prices]}
    if info.context_window:
        entry["context_window"] = info.context_window
    return entry


def plain(value):
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, types.TieredPrices):
        return {"base": value.base, "tiers": [{"start": tier.start, "price": tier.price} for tier in value.tiers]}
    raise TypeError(f"{type(value).__name__} in the table of genai-prices is unknown")


def write(folder, name, text):
    with gzip.open(folder / name, "wt", encoding="utf-8") as stream:
        stream.write(text)


def main():
    wheel, old, new = map(pathlib.Path, sys.argv[1:4])
    new.mkdir(parents=True, exist_ok=True)
    providers = [{"id": p.id, "models": [model(m) for m in p.models]} for p in data.providers]
    write(new, "genai-prices.v2.data.json.gz", json.dumps(providers, default=plain))
    with zipfile.ZipFile(wheel) as archive:
        write(new, "litellm.model_prices_and_context_window.json.gz", archive.read(LITELLM_TABLE).decode("utf-8"))
    shutil.copy(old / MODELS_DEV, new / MODELS_DEV)


if __name__ == "__main__":
    main()
