#!/bin/sh
# A browser and the programs the tests compare with: Debian's packages when root, else Playwright's browser.
set -eu
venv=$1
need() { command -v "$1" >/dev/null 2>&1; }
if [ "$(id -u)" = 0 ] && need apt-get; then
  missing=""
  need chromium || missing="$missing chromium"
  need dcmsend || missing="$missing dcmtk"
  need dciodvfy || missing="$missing dicom3tools"
  need pdftotext || missing="$missing poppler-utils"
  fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk fontconfig"
  if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  fi
elif ! need chromium; then
  "$venv/bin/python" -m playwright install chromium
fi
