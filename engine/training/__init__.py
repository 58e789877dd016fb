"""Training of the painter on real art, and its evaluation. Never imported while serving."""
