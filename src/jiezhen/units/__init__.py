"""Units in a tree, valid in time, with polygons; who is posted where."""
