"""The official Word file of a change, with Word's own tracked changes, made from the data of both versions.

Accepting all changes gives exactly the new form, rejecting all exactly the old one; both are
proven before anything is returned. `align` says which rows belong together, `fragments` which
pieces of a text changed, `markup` writes it, `resolve` accepts or rejects to read it back.
"""
