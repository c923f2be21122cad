"""The state of every data file: what a check of it found, published or not; in another process, kept by content.

`known` is the server's side: it hands out the work in small parts, and tells the windows what came of it. `assessor`
does it, in a process of its own. `kept` holds what was found between two visits, under build/; it is believed of a file
only where everything that its state is made from (`made_of`) is as it was.
"""

__all__ = ["known"]
