"""Flags that only the pixels of a film can raise; the header's are known since its arrival."""

from typing import Final

FILM_FLAGS: Final = frozenset({
    "bad_modality_lut", "bad_padding", "bad_rescale", "bad_shutter", "bad_spacing", "bad_voi_lut",
    "bad_window", "bits_beyond_stored", "colour_picture", "few_bits", "inversion_conflict",
    "large_film", "looks_inverted", "lut_depth", "no_window", "photometric_conflict",
    "several_frames", "shutter_not_applied", "window_misses",
})  # fmt: skip
