"""perfgen turns yearly performance targets typed as YAML into official documents."""

__version__ = "0.1.0"
