"""Rendered bytes and their report in, the number of equal places out: each output is read back by other code."""
