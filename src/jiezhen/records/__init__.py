"""One machinery for every kind: fields, forms, lists, files, import and export."""
