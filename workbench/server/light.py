"""Imported before Voila: leaves out what costs seconds at every start and is never used.

jsonschema loads `rfc3987_syntax` to check "iri" formats, and that package builds a grammar when
imported (2.4 s of processor time, half of the server's start). No schema of ours or of Jupyter's
notebooks asks for an iri; without the package jsonschema simply does not check that format.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # "not installed"
