#!/bin/sh
# Programs the film benchmarks compare with: Debian's packages when root; without them those figures are left out by name.
set -eu
need() { command -v "$1" >/dev/null 2>&1; }
if [ "$(id -u)" = 0 ] && need apt-get; then
  missing=""
  need Orthanc || missing="$missing orthanc"
  test -e /usr/share/orthanc/plugins/libOrthancDicomWeb.so || missing="$missing orthanc-dicomweb"
  need gdcmconv || missing="$missing libgdcm-tools"
  need opj_decompress || missing="$missing libopenjp2-tools"
  if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  fi
fi
