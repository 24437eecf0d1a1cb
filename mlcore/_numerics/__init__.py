"""The armour: what makes mlcore's arithmetic safe and fast. A reader of the book never needs to open it.

The mathematics, in the plain form that the chapters show, stands one folder up.
"""
