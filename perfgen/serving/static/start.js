// The list of all files.
