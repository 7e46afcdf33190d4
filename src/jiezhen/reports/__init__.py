"""Reports: writing them with live numbers, proof-reading any draft, freezing and publishing."""
