"""The JSON door: kinds, records, imports, figures, reading, proof-reading."""
