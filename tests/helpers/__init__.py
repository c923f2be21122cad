"""What tests use and do not test."""
