"""The table of the Word template, read once, and expanded with a report's data."""
