"""Training of the painter on real art, and what measures it. Never imported while serving."""
