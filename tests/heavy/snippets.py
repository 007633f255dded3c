"""Runs the Python of docs/guide/sweeps.md, word for word, over a shipped table; needs duckdb, polars and pyarrow.

python snippets.py
"""

import os
import re
import shutil
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
guide = open(os.path.join(ROOT, "docs/guide/sweeps.md"), encoding="utf-8").read()
snippets = re.findall(r"```python\n(.*?)```", guide, re.S)
assert len(snippets) >= 3, f"{len(snippets)} snippets"
with tempfile.TemporaryDirectory() as scratch:
    os.makedirs(os.path.join(scratch, "siting"))
    shutil.copy(os.path.join(ROOT, "models/results/siting_china.parquet"), os.path.join(scratch, "siting/cases.parquet"))
    os.chdir(scratch)
    for number, snippet in enumerate(snippets):
        names = {}
        exec(compile(snippet, f"snippet {number + 1} of docs/guide/sweeps.md", "exec"), names)
        if "unit" in names:
            assert names["unit"] == b"degC", names["unit"]
print(f"{len(snippets)} snippets of the guide ran")
