"""What writes the generated parts of docs/, and what keeps the borders of this repository.

Nobody imports it but tests; it may use everything.
"""
