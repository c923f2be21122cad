"""Two versions of the data in, changes as data out; each change has a class, a sentence and a place.

sides         the two versions: from git's object store, or the work tree
match         two documents into differences: rows by identity or likeness, never by position
classify      what a difference means: weaker, stricter, money up …
sentences     a change in words
rules         which changes want a reason, and what is said where there is none
answers       the reasons and approvals that the data holds
totals        the large computed amounts, before and after
compare       all of it for one unit, and for all that differ
formats       the comparison as text, Markdown, a page, JSON
"""
