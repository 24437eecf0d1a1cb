"""What the exercises of the book check: one module a chapter, one function an exercise.

Each function takes a reader's answer and prints one line, by `mlcore.teach.check`: right, or what is wrong.
The right answers stand here so that no cell of a chapter shows them.
"""
