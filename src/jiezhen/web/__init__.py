"""The face: base pages, one stylesheet, small components, charts and maps.

Nothing here knows a record, a pack or a person. A page of another package gives
the frozen contexts of `components` to the tags of `templatetags.web`.
"""
