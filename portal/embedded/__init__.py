"""The embedded services of the demo and the tests: database, broker, supervision.

Standard library only, and nothing here imports Django: this code runs before the portal can.
"""
