"""Shrinks a made film without loss: sample studies are shipped, and noise compresses badly."""

from pydicom.dataset import Dataset
from pydicom.uid import JPEGLSLossless


def to_jpeg_ls(dataset: Dataset) -> Dataset:
    """The same data set with its pixels in JPEG-LS lossless, same SOP Instance UID."""
    dataset.compress(JPEGLSLossless, encoding_plugin="pyjpegls", generate_instance_uid=False)
    return dataset
