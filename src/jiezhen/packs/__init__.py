"""Packs: what an office keeps and how it is counted, declared in YAML.

`schema` has the words of a pack, `loader` reads files and says where something is wrong,
`registry` holds the catalogue that is in force, `cases` the examples, `commands` what
`jiezhen pack` does.
"""
