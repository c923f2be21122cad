"""A filing in, findings out: what is wrong with one file, with a unit over its years, with all units of a year."""
