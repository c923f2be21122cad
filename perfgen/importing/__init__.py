"""A filled-in Word form in, data out: the template that renders the form, read backwards.

What a person may have done to a form in Word is undone on the way, and every step of it is told:
`remarks` is what is said. Nothing here knows a form; the template and the schema say where each
field lies and what it may hold.
"""
