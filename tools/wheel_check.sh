#!/bin/sh
# Builds the wheel, installs it into an empty environment, and runs the doctor from another folder.
set -eu
venv=$1
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$venv/bin/python" -m build --wheel --no-isolation --outdir "$work/dist" . >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
python3 -m venv "$work/env" 2>/dev/null || "$venv/bin/python" -m venv "$work/env"
"$work/env/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
"$work/env/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$work"/dist/*.whl
cd "$work"
"$work/env/bin/workbench" doctor --home "$work/home"
echo "wheel: built, installed into an empty environment, doctor ran outside $here"
