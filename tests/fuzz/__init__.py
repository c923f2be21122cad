"""Readers of what strangers write, run on made-up bytes; what was found stands in corpus/ and is run by the tests."""
